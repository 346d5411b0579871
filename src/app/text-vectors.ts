/**
 * Vectors of the texts of new analyses, where the embedding model lies on this machine: then they are stored with the analysis. No
 * server is asked and nothing is said when it fails; search embeds later what has no vector.
 */
import type { LibraryEntry } from '../core/library/entry.ts';
import type { Report } from '../core/report.ts';
import type { Embedder } from '../embed/embedder.ts';
import type { TextVector } from '../store/vectors.ts';
import type { AnalyzeRequest } from './analyze-request.ts';
import type { Keeper } from './keeper.ts';

export class TextVectors {
  readonly #request: AnalyzeRequest;
  #opening: Promise<Embedder | null> | null = null;

  constructor(request: AnalyzeRequest) {
    this.#request = request;
  }

  /** Null: no model, it failed, or the text is embedded already. */
  async vectorOf(report: Report, entry: LibraryEntry, keeper: Keeper): Promise<TextVector | null> {
    this.#opening ??= this.#open();
    const embedder = await this.#opening;
    if (embedder === null || report.input.sha256 === null) return null;
    const { ownWords, textOf } = await import('../store/library.ts');
    const { hasVector } = await import('../store/vectors.ts');
    const sha256 = report.input.sha256;
    const asked = await keeper.use((db) => {
      const text = textOf(report, entry, ownWords(db, sha256));
      return { text, known: hasVector(db, report.analysisId ?? '', embedder.model, text) };
    });
    if (asked === null || asked.known) return null;
    try {
      const [vector] = await embedder.embed([asked.text]);
      return { model: embedder.model, vector: vector! };
    } catch {
      return null;
    }
  }

  async close(): Promise<void> {
    await (await this.#opening)?.close();
  }

  async #open(): Promise<Embedder | null> {
    const { openEmbedder } = await import('./open-embedder.ts');
    return (await openEmbedder(this.#request, true)).embedder;
  }
}
