/** How lists and cards look; the command line reaches the reporters through here. */

export { type HealthLine, healthView } from '../reporters/views/health-view.ts';
export * from '../reporters/views/index.ts';
