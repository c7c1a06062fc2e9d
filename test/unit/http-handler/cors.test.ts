import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../../core/errors.ts';
import { corsHeaders, parseConsoleOrigins, preflightHeaders } from '../../../lambdas/http/cors.ts';

describe('which pages may call', () => {
  const rows: [text: string, origins: string[] | 'refused', reason: string][] = [
    ['', [], 'nothing configured, nobody let in'],
    ['https://a.example', ['https://a.example'], 'one'],
    ['https://a.example, http://localhost:5173', ['https://a.example', 'http://localhost:5173'], 'two'],
    ['*', 'refused', 'no wildcard'],
    ['https://*.example', 'refused', 'nor in a part'],
    ['null', 'refused', 'what sandboxed pages call themselves'],
    ['https://a.example/', 'refused', 'an origin has no path'],
    ['https://a.example:443', 'refused', 'browsers leave the usual port out'],
    ['file://', 'refused', 'no page of ours'],
  ];
  for (const [text, origins, reason] of rows) {
    it(`${JSON.stringify(text)} → ${JSON.stringify(origins)}: ${reason}`, () => {
      const parse = (): string[] | 'refused' => {
        try {
          return parseConsoleOrigins(text);
        } catch (error) {
          return error instanceof InvalidInput ? 'refused' : [];
        }
      };
      expect(parse()).toEqual(origins);
    });
  }

  it('a page of the console is told so, any other is told nothing', () => {
    const console = 'https://console.example';
    const asked: [origin: string | undefined, allowed: string | undefined][] = [
      [console, console],
      ['https://evil.example', undefined],
      ['https://console.example.evil.example', undefined],
      ['null', undefined],
      [undefined, undefined],
    ];
    for (const [origin, allowed] of asked) {
      expect(corsHeaders([console], origin)['access-control-allow-origin']).toBe(allowed);
      expect(preflightHeaders([console], origin)['access-control-allow-origin']).toBe(allowed);
      expect(Object.keys(preflightHeaders([console], origin)).length > 0).toBe(allowed !== undefined);
    }
  });
});
