/** The face of the views: lists and cards of everything that is no report. */

export { wrap } from '../terminal/layout.ts';
export { alignedTable } from './aligned-table.ts';
export { comparisonCsv, comparisonMarkdown, comparisonText } from './compare-views.ts';
export { explanationCard, rulePoints } from './explain-view.ts';
export { bikeCard, bikesList, definitionCard, profileCard, ruleCard, rulesList } from './knowledge-views.ts';
export { noteCard, outliersList, resultsList } from './library-views.ts';
export { csvField, mapCsv, mapHeat, mapsList } from './map-views.ts';
export { mapsJson } from './maps-json.ts';
export { rangeText, recommendText } from './recommend-views.ts';
