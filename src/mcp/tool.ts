/** What a file of src/mcp/tools exports. Its fields are known at the start; what it works with is loaded when it is called. */
import type { z } from 'zod';
import type { Surroundings } from '../app/history.ts';
import type { Settings } from '../app/settings.ts';
import type { Limits } from './bounded.ts';

/** What every call knows. */
export interface CallContext {
  around: Surroundings;
  settings: Settings;
  /** Something a person would see on stderr. */
  warn(text: string): void;
  progress(done: number, total: number, message: string): void;
}

/** What a tool answers with, before it is cut and cleaned. */
export interface Answer {
  /** As the command prints it with --format json. */
  document: Record<string, unknown>;
  /** The same for a reader, short. */
  text: string;
  /** Lists of the document that are cut unless the complete answer was asked for. */
  limits?: Limits;
  /** Bytes of JSON that the cut document may have. */
  budget?: number;
  /** How to get what was left out, beside turning the page. */
  more?: string;
  /** A list of the document that is a page of a longer one. */
  page?: Page;
}

/** Which list, where it begins and how long the whole is. */
export interface Page {
  /** Field of the document. */
  at: string;
  offset: number;
  of: number;
}

export interface Tool<Shape extends z.ZodRawShape = z.ZodRawShape> {
  name: string;
  title: string;
  /** For the one who chooses the tool: what it answers, and what the answer does not mean. */
  description: string;
  input: z.ZodObject<Shape>;
  /** It cannot work without the database of the user. */
  needsDatabase?: boolean;
  /** Nothing in its answers comes from a file that anybody may have written. */
  ownWords?: boolean;
  /** It keeps its analysis in the database of the user, where there is one. */
  stores?: boolean;
  run(input: z.output<z.ZodObject<Shape>>, context: CallContext): Promise<Answer>;
}

/** Keeps the types of the input where the tool is written; the registry knows all tools by their common face. */
export function defineTool<Shape extends z.ZodRawShape>(tool: Tool<Shape>): Tool {
  return tool as unknown as Tool;
}
