export { mapsJson } from './maps-json.ts';
