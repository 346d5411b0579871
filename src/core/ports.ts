/** What the core expects of formats and reporters. A format is one folder of src/formats with one of these as its face. */
import type { Definition, Image, Sha256, Tune } from './model.ts';
import type { ReportDocument } from './report.ts';

/** How sure a format is that a file is one of its own, 0..1, by content and never by extension alone. */
export interface Detection {
  confidence: number;
  because: string;
}

interface FormatBase {
  /** Folder name under src/formats. */
  id: string;
  title: string;
  /** Usual extensions with the dot, lower case: a hint for help texts, never evidence by itself. */
  extensions: string[];
  /** What of it is read and what is not, for docs/generated/formats.md: one line of Markdown. */
  reads: string;
  /** `name` is the base name of the file; a detector may use it to break a tie. Must not throw. Null: not mine. */
  detect(bytes: Uint8Array, name: string): Detection | null;
}

/** Bytes -> addresses and bytes. */
export interface ImageFormat extends FormatBase {
  kind: 'image';
  /** @throws RevsyncError where the container is damaged */
  read(bytes: Uint8Array, sha256: Sha256): Image;
}

/** What a definition may need beside its own bytes. */
export interface DefinitionContext {
  /** Base name of the file. */
  name: string;
  sha256: Sha256;
  /** The image that it is to read, where there is one: files that hold many ECUs choose by it. */
  image?: Image;
  /** Other files of its folder, for definitions that build on others. */
  beside?: {
    names: string[];
    read(name: string): Uint8Array | null;
    /** A file of that name in the folder above, in the one above that, or in a folder of either; the nearest. */
    around?(name: string): Uint8Array | null;
  };
}

/** Text -> where maps are. Reads any image afterwards through core/decode.ts. */
export interface DefinitionFormat extends FormatBase {
  kind: 'definition';
  /** @throws RevsyncError where the file is scrambled, truncated or not understood, with place and reason */
  parse(bytes: Uint8Array, context: DefinitionContext): Definition;
  /** The definition hangs on its bytes and its name alone, never on the image or on neighbours: it is parsed once in a run. */
  byItself?: true;
}

/** A file that holds values and their names at once. */
export interface TuneFormat extends FormatBase {
  kind: 'tune';
  /** Its titles are anybody's words: what a map is for may be asked. */
  asksRoles?: true;
  /**
   * @param context.companion a definition that the user gave or that lies beside the file (the .ini of an MSQ)
   * @throws RevsyncError
   */
  decode(
    bytes: Uint8Array,
    context: { name: string; sha256: Sha256; companion: { name: string; bytes: Uint8Array } | null },
  ): Tune;
}

/** A kind of file that is recognised only to be refused with its reason and the way forward. */
export interface RefusedFormat extends FormatBase {
  kind: 'refused';
  refuse(bytes: Uint8Array, name: string): { code: string; message: string; hint: string };
}

export type Format = ImageFormat | DefinitionFormat | TuneFormat | RefusedFormat;

/** How a report is to be looked at. */
export interface View {
  /** Columns of the terminal; reporters that do not care ignore it. */
  width: number;
  /** Colour escapes wanted. */
  colour: boolean;
  /** Every finding status, every note. */
  all: boolean;
  /** List what was not checked, rule by rule. */
  notChecked: boolean;
  /** Several files: the full report of each. */
  verbose: boolean;
  /** The analyses are kept: their ids can be shown again. */
  stored: boolean;
}

/** Report document -> text. Pure. */
export interface Reporter {
  id: string;
  title: string;
  /** For --output without a name: "json". */
  extension: string;
  render(document: ReportDocument, view: View): string;
}
