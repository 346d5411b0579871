import manifest from '../../package.json' with { type: 'json' };

/** Of this build, as reports carry it. */
export const TOOL_VERSION: string = manifest.version;
