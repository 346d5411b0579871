/**
 * One step of the schema's history. A migration that has been released is never edited, because somebody's database
 * has run it; a new one is a new file of migrations/, run in the order of the names.
 */
export interface Migration {
  /** The file's name: "003-what". */
  name: string;
  sql: string;
}
