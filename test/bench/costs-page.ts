import * as z from 'zod';
import { priceOf, PRICES, PRICES_OF } from './pricing.ts';

export const figuresSchema = z.record(z.string(), z.number());
export type Figures = z.infer<typeof figuresSchema>;

const dollars = (amount: number): string => `$${amount < 0.01 ? amount.toPrecision(2) : amount.toFixed(2)}`;

/** docs/costs.md, made of what a run of the benchmark counted. */
export function costsPage(figures: Figures): string {
  const of = (name: string): number => figures[name] ?? Number.NaN;
  const rows = [
    ['an idle town, a month, with a 50 MiB snapshot', dollars(of('g3.dollars'))],
    [
      'a wake-up that finds nothing due',
      dollars(
        priceOf({ readUnits: of('g2.idle.read'), lambdaRequests: 1, lambdaSeconds: 0.02, sqsRequests: 2 }),
      ),
    ],
    ['an hour of a container (2 vCPU, 8 GiB)', dollars(PRICES.containerHour)],
    ['a container that is kept awake, a month', dollars(priceOf({ containerHours: 720 }))],
  ];
  return [
    '# What a town costs',
    '',
    `Made by \`npm run bench -- --write\` from units that were counted, and list prices of ${PRICES_OF} (test/bench/pricing.ts).`,
    '',
    '| what | dollars |',
    '| --- | --- |',
    ...rows.map(([what, price]) => `| ${what} | ${price} |`),
    '',
    `A schedule for each town and minute would cost ${Math.round(of('g3.byP3'))} times what an idle town of 100 beads does here, a container kept awake`,
    `${Math.round(of('g3.byAwake'))} times. Scheduled invocations of an idle town: ${of('g3.invocations')}. Model calls in an idle week: ${of('g10.turns')}.`,
    '',
  ].join('\n');
}
