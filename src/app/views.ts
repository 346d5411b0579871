/** How lists and cards look; the command line reaches the reporters through here. */
export * from '../reporters/views/index.ts';
