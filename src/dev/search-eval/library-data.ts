/** library.yaml and questions.yaml as objects. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface RecipeChange {
  /** Base role: fuel, spark, revLimiter, throttle. */
  role: string;
  percent?: number;
  degrees?: number;
  rpm?: number;
  /** Share of the load axis: upper half and a little, lower half and a little, or all of it. */
  where?: 'all' | 'upper' | 'lower';
}

export interface Recipe {
  changes: RecipeChange[];
  notes?: string[];
  mods?: string[];
  tags?: string[];
  ron?: number;
  ethanolPercent?: number;
}

export interface Base {
  id: string;
  file: string;
  motorcycle?: string;
  recipes: string[];
}

export interface Raw {
  id: string;
  file: string;
  role?: string;
  motorcycle?: string;
  stock?: string;
  definition?: string;
}

export interface LibraryData {
  seed: number;
  recipes: Record<string, Recipe>;
  asides: string[];
  bases: Base[];
  asTheyAre: Raw[];
}

export interface Question {
  ask: string;
  /** Id of the one tune that answers it. */
  answer: string;
}

const FOLDER = 'src/dev/search-eval';

export const readLibraryData = (): LibraryData => parse(readFileSync(`${FOLDER}/library.yaml`, 'utf8')) as LibraryData;

/** Questions to develop by, looked at as often as needed. */
export const readDevelopment = (): Question[] =>
  (parse(readFileSync(`${FOLDER}/development.yaml`, 'utf8')) as { questions: Question[] }).questions;

export const readQuestions = (): Record<'questions' | 'heldOut' | 'stranger', Question[]> =>
  parse(readFileSync(`${FOLDER}/questions.yaml`, 'utf8')) as Record<'questions' | 'heldOut' | 'stranger', Question[]>;
