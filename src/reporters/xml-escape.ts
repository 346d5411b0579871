import { printable } from '../core/rules/message.ts';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for XML and HTML, in elements and in quoted attributes. */
export const escapeXml = (text: string): string => printable(text).replace(/[&<>"']/g, (c) => ENTITIES[c]!);
