/** For Windows PowerShell 5 and PowerShell 7. */
import { args, type Case, commands, descents, flags, type Named, values } from './cases.ts';
import type { Completes } from './kinds.ts';
import type { Place } from './tree.ts';

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A table from each key to its answer; keys of one answer share it by name. */
function table<T>(name: string, list: Case<T>[], answer: (answer: T) => string): string {
  const rows = list.map(
    ({ keys, answer: a }) =>
      `        foreach ($key in ${keys.map(quote).join(', ')}) { $${name}[$key] = ${answer(a)} }`,
  );
  return `        $${name} = New-Object System.Collections.Hashtable ([StringComparer]::Ordinal)\n${rows.join('\n')}`;
}

const named = (list: Named[]): string =>
  `@(${list.map(({ name, about }) => `@(${quote(name)}, ${quote(about)})`).join(', ')})`;
/** A list of one would come apart without the comma before it. */
const pairs = (list: Named[]): string => (list.length === 1 ? named(list).replace('@(', '@(,') : named(list));
const strings = (list: readonly string[]): string => `@(${list.map(quote).join(', ')})`;
const wanted = ({ words, ids, files }: Completes): string =>
  `@{ Words = ${strings(words)}; Ids = ${strings(ids)}; Files = ${quote(files ?? '')} }`;

export function powershellScript(places: readonly Place[]): string {
  return `# Completion of revsync for PowerShell. In the file that $PROFILE names:
#   revsync completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName revsync -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    if ($null -eq $global:__revsync) {
${table('Descents', descents(places), quote)}
${table('Values', values(places), wanted)}
${table('Arguments', args(places), wanted)}
${table('Commands', commands(places), pairs)}
${table('Flags', flags(places), pairs)}
        $global:__revsync = @{ Descents = $Descents; Values = $Values; Arguments = $Arguments; Commands = $Commands; Flags = $Flags }
    }
    $tree = $global:__revsync
    $at = ''; $argument = 0; $take = ''; $only = $false; $db = ''; $first = ''
    $elements = @($commandAst.CommandElements)
    for ($i = 1; $i -lt $elements.Count; $i++) {
        $element = $elements[$i]
        # The word under the cursor is what is asked about.
        if ($element.Extent.EndOffset -ge $cursorPosition) { break }
        $word = if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $element.Value } else { $element.Extent.Text }
        if ($take -ne '') { if ($take -ceq '--db') { $db = $word }; $take = '' }
        elseif (-not $only -and $word -ceq '--') { $only = $true }
        elseif (-not $only -and $word -clike '--*=*') { if ($word -clike '--db=*') { $db = $word.Substring(5) } }
        elseif (-not $only -and $word -clike '-*') { if ($tree.Values.ContainsKey("$at $word")) { $take = $word } }
        elseif ($argument -eq 0 -and $tree.Descents.ContainsKey("$at $word")) { $at = $tree.Descents["$at $word"] }
        else { if ($argument -eq 0) { $first = $word }; $argument++ }
    }
    $current = "$wordToComplete".Trim([char[]]@([char]39, [char]34))
    $before = ''; $offers = @(); $want = $null
    if ($take -ne '') { $want = $tree.Values["$at $take"] }
    elseif (-not $only -and $current -clike '--*=*') {
        $flag, $rest = $current -split '=', 2
        $want = $tree.Values["$at $flag"]; $before = "$flag="; $current = $rest
    }
    elseif (-not $only -and $current -clike '-*') { $offers = $tree.Flags[$at] }
    else {
        if ($argument -eq 0 -and $tree.Commands.ContainsKey($at)) { $offers = $tree.Commands[$at] }
        $want = $tree.Arguments["$at $argument"]
        if ($null -eq $want) { $want = $tree.Arguments["$at *"] }
    }
    $found = New-Object System.Collections.ArrayList
    foreach ($offer in $offers) { [void]$found.Add(@($offer[0], $offer[1])) }
    if ($null -ne $want) {
        foreach ($word in $want.Words) { [void]$found.Add(@($word, $word)) }
        foreach ($kind in $want.Ids) {
            $given = if ($db -ne '') { @('--db', $db) } else { @() }
            $lines = try { & revsync @given __complete $kind $current $first 2>$null } catch { @() }
            foreach ($line in $lines) {
                $parts = "$line" -split "\`t", 2
                if ($parts[0] -ne '') { [void]$found.Add(@($parts[0], $parts[-1])) }
            }
        }
    }
    # Where nothing is found PowerShell completes files by itself.
    foreach ($one in $found) {
        if (-not $one[0].StartsWith($current, [StringComparison]::Ordinal)) { continue }
        $text = $before + $one[0]
        if ($text -match '[\\s;,&|()\`$"]' -or $text.Contains("'")) { $text = "'" + $text.Replace("'", "''") + "'" }
        $about = if ("$($one[1])" -eq '') { $one[0] } else { "$($one[1])" }
        [System.Management.Automation.CompletionResult]::new($text, $one[0], 'ParameterValue', $about)
    }
}
`;
}
