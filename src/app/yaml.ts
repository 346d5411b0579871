/**
 * YAML, loaded when it is needed. Through a module of our own, because a bundle gives a dynamic import of a CommonJS package no named
 * exports: `const { parse } = await import('yaml')` is undefined in the built program and fine in the sources.
 */
export { parse, parseDocument } from 'yaml';
