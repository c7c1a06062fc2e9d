import untyped from 'dynalite/db/index.js';
import type { Dynalite } from './dynalite-types.ts';

/** dynalite's keys, conditions and store. */
export const dynalite = untyped as Dynalite;
