import type { Style } from '../../../cli/render/style.ts';

export const NOW = Date.parse('2026-01-05T12:00:00Z');

export const styleOf = (columns: number, hasColours = false): Style => ({ columns, hasColours, now: NOW });
