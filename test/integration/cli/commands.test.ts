import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { gastown, gastownHere, type Finished } from './gastown.ts';

interface Row {
  readonly situation: string;
  readonly words: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly code: number;
  readonly out?: readonly RegExp[];
  readonly error?: readonly RegExp[];
  /** Of `--json`: the command is run again with it. */
  readonly json?: object;
}

/** Whether a value has at least what is expected of it; vitest's own matchers count. */
function matches(value: unknown, expected: object): boolean {
  try {
    expect(value).toMatchObject(expected);
    return true;
  } catch {
    return false;
  }
}

describe('the command line against a real API', () => {
  let fixture: Fixture;
  let env: Record<string, string>;
  let townId: string;
  let beadId: string;
  let convoyId: string;

  beforeAll(async () => {
    fixture = await startFixture();
    const town = await fixture.town('owner');
    townId = town.townId;
    env = { GASTOWN_URL: fixture.apiUrl, GASTOWN_TOKEN: town.token };
    const made = [
      await run([
        'sling',
        'Say hello',
        '--body',
        'Print hello.',
        '--held',
        '--label',
        'a',
        '--label',
        'b',
        '--json',
      ]),
      await run([
        'convoy',
        'create',
        'Cart',
        '--task',
        'Total',
        '--task',
        'Show',
        '--after',
        '0',
        '--staged',
        '--json',
      ]),
    ].map(({ code, out, error }) => {
      if (code !== 0) throw new Error(error);
      return JSON.parse(out) as { id: string };
    });
    beadId = made[0]?.id ?? '';
    convoyId = made[1]?.id ?? '';
  });
  afterAll(() => fixture.close());

  const run = (words: readonly string[], row: Pick<Row, 'input' | 'env'> = {}): Promise<Finished> =>
    gastownHere(words, {
      env: { ...env, ...row.env },
      ...(row.input === undefined ? {} : { input: row.input }),
    });

  /** What is not as a row says. */
  const complaintsOf = async (row: Row): Promise<string[]> => {
    const { code, out, error } = await run(row.words, row);
    const said = `${row.situation}: ${row.words.join(' ')}`;
    const nothing = [/^$/];
    const complaints = [
      ...(code === row.code ? [] : [`${said} ends with ${String(code)}: ${error}`]),
      ...(row.out ?? nothing).flatMap((one) =>
        one.test(out) ? [] : [`${said} says ${out}, not ${String(one)}`],
      ),
      ...(row.error ?? nothing).flatMap((one) =>
        one.test(error) ? [] : [`${said} complains ${error}, not ${String(one)}`],
      ),
      ...(/\n\s+at /.test(error) ? [`${said} shows a stack trace`] : []),
      ...(`${out}${error}`.includes('\u001B') ? [`${said} has colours`] : []),
    ];
    if (row.json === undefined) return complaints;
    const again = await run([...row.words, '--json'], row);
    if (again.code !== row.code) return [...complaints, `${said} --json: ${again.error}`];
    const json = JSON.parse(again.out) as unknown;
    const isAsSaid = matches(json, row.json);
    return isAsSaid ? complaints : [...complaints, `${said} --json: ${again.out}`];
  };

  /** Rows that change nothing do not wait for each other. */
  const complaintsAtOnce = async (rows: readonly Row[]): Promise<string[]> => {
    const waiting = [...rows];
    const found: string[] = [];
    const work = async (): Promise<void> => {
      for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
        found.push(...(await complaintsOf(row)));
      }
    };
    await Promise.all([work(), work(), work(), work()]);
    return found;
  };

  it('shows things', async () => {
    const short = beadId.slice(-8);
    const rows: readonly Row[] = [
      {
        situation: 'a town at a glance',
        words: ['status'],
        code: 0,
        out: [/town\s+active/, /beads\s+3 open/],
        json: { lifecycle: 'active' },
      },
      {
        situation: 'everything that waits',
        words: ['why'],
        code: 0,
        out: [/WHAT/, new RegExp(`bead ${short}.*held`)],
        json: { items: expect.any(Array) },
      },
      {
        situation: 'one bead, by how its id ends',
        words: ['why', short],
        code: 0,
        out: [/held: it starts/],
        json: { items: [{ subject: { id: beadId } }] },
      },
      {
        situation: 'work items',
        words: ['beads', 'list'],
        code: 0,
        out: [/Say hello\s+held/, /Total/],
        json: { nextCursor: null },
      },
      {
        situation: 'one page of them',
        words: ['beads', 'list', '--limit', '1'],
        code: 0,
        out: [/There are more/],
        json: { nextCursor: expect.any(String) },
      },
      {
        situation: 'of a convoy, by its title',
        words: ['beads', 'list', '--convoy', 'Cart'],
        code: 0,
        out: [/^(?![\s\S]*hello)/, /Show/],
      },
      {
        situation: 'one, by its title',
        words: ['beads', 'show', 'Say hello'],
        code: 0,
        out: [/labels\s+a, b/, /body\s+Print hello\./],
        json: { id: beadId, body: 'Print hello.' },
      },
      {
        situation: 'with its attempts',
        words: ['beads', 'show', short, '--attempts'],
        code: 0,
        out: [/Nobody has worked/],
        json: { bead: { id: beadId }, attempts: [] },
      },
      {
        situation: 'a convoy',
        words: ['convoy', 'show', 'Cart'],
        code: 0,
        out: [/state\s+staged/, /Total/],
        json: { convoy: { id: convoyId } },
      },
      {
        situation: 'rigs',
        words: ['rigs', 'list'],
        code: 0,
        out: [/rig\.git/],
        json: { items: [{ name: 'rig' }] },
      },
      {
        situation: 'integrations, of which there are none',
        words: ['integrations', 'list'],
        code: 0,
        out: [/gastown integrations install/],
        json: { items: [] },
      },
      {
        situation: 'where the GitHub App is installed',
        words: ['integrations', 'install'],
        code: 0,
        out: [/https:\/\/github\.com\/apps\/gastown-test\/installations\/new\?state=/],
        json: { url: expect.any(String) },
      },
      {
        situation: 'an organisation that the user is not in',
        words: ['integrations', 'install', '--org', 'acme'],
        code: 1,
        error: [/no organisation/],
      },
      {
        situation: 'towns',
        words: ['towns', 'list'],
        code: 0,
        out: [new RegExp(townId)],
        json: { items: [{ id: townId }] },
      },
      {
        situation: 'agents',
        words: ['agents', 'list'],
        code: 0,
        out: [/no agents yet/],
        json: { items: [] },
      },
      {
        situation: 'the merge queue',
        words: ['merge-queue'],
        code: 0,
        out: [/Nothing/],
        json: { items: [] },
      },
      {
        situation: 'escalations',
        words: ['escalations', 'list'],
        code: 0,
        out: [/Nobody/],
        json: { items: [] },
      },
      { situation: 'the log', words: ['events'], code: 0, out: [/\w/], json: { items: expect.any(Array) } },
      {
        situation: 'what was spent',
        words: ['costs', '--by', 'agent'],
        code: 0,
        out: [/total\s+\$0\.00/],
        json: { by: 'agent' },
      },
      { situation: 'a setting', words: ['config', 'get', 'maxPolecatsPerRig'], code: 0, out: [/^\d+\n$/] },
      {
        situation: 'all settings',
        words: ['config', 'get'],
        code: 0,
        out: [/refinery\.codeReview/],
        json: { config: {}, effective: {} },
      },
      {
        situation: 'nothing that needs help',
        words: ['doctor'],
        code: 0,
        out: [/All is well/, /gastown beads start/],
        json: { ok: true },
      },
    ];
    expect(await complaintsAtOnce(rows)).toEqual([]);
  }, 120_000);

  it('changes things', async () => {
    const rows: readonly Row[] = [
      {
        situation: 'a setting',
        words: ['config', 'set', 'refinery.gates', '["npm test"]'],
        code: 0,
        out: [/is set/],
        json: { config: { refinery: { gates: ['npm test'] } } },
      },
      {
        situation: 'a secret from a pipe',
        words: ['config', 'set', 'gitAuth.githubToken', '--secret-stdin'],
        input: 'ghp_very-secret-1234\n',
        code: 0,
        out: [/is set/],
        json: { config: { gitAuth: { githubToken: '****1234' } } },
      },
      {
        situation: 'a variable',
        words: ['config', 'set', 'envVars.ONE', '--secret-env', 'ONE'],
        env: { ONE: 'first-value' },
        code: 0,
        out: [/is set/],
      },
      {
        situation: 'another one, which leaves the first',
        words: ['config', 'set', 'envVars.TWO', '--secret-env', 'TWO'],
        env: { TWO: 'second-value' },
        code: 0,
        out: [/is set/],
        json: {
          config: { envVars: { ONE: expect.stringMatching(/^\*{4}/), TWO: expect.stringMatching(/^\*{4}/) } },
        },
      },
      {
        situation: 'a bead',
        words: ['beads', 'edit', 'Say hello', '--priority', 'high', '--label', ''],
        code: 0,
        out: [/Say hello/],
        json: { priority: 'high', labels: [] },
      },
      { situation: 'a pause', words: ['pause'], code: 0, out: [/is paused/], json: { lifecycle: 'paused' } },
      { situation: 'shown by doctor', words: ['doctor'], code: 0, out: [/gastown resume/] },
      { situation: 'its end', words: ['resume'], code: 0, out: [/goes on/], json: { lifecycle: 'active' } },
      {
        situation: 'a start',
        words: ['beads', 'start', beadId],
        code: 0,
        out: [/Asked for/],
        json: { id: beadId },
      },
      {
        situation: 'a convoy from a file',
        words: ['convoy', 'create', '--file', '-'],
        input: JSON.stringify({ title: 'Piped', tasks: [{ title: 'One' }] }),
        code: 0,
        out: [/Piped/],
        json: { title: 'Piped' },
      },
      {
        situation: 'a wish for the mayor, without waiting',
        words: ['mayor', 'A cart, please.', '--no-wait'],
        code: 0,
        out: [/message/],
        json: { messageId: expect.any(String) },
      },
      {
        situation: 'no reply of the mayor in time',
        words: ['mayor', '--timeout', '1'],
        input: 'Are you there?',
        code: 1,
        error: [/has not answered within 1 s/],
      },
      {
        situation: 'an export, asked for',
        words: ['export'],
        code: 0,
        out: [/gastown export [\da-f-]{36}/],
        json: { exportId: expect.any(String) },
      },
    ];
    const complaints: string[] = [];
    for (const row of rows) complaints.push(...(await complaintsOf(row)));
    expect(complaints).toEqual([]);
    expect((await run(['rigs', 'add', 'spare', '/srv/git/spare.git'])).out).toMatch(/Added spare/);
    const removal = {
      situation: 'the removal of a repository, with whatever is unfinished in it',
      words: ['rigs', 'remove', 'spare', '--force'],
      code: 0,
      out: [/spare is being taken out/],
      json: { name: 'spare' },
    } as const;
    expect(await complaintsOf(removal)).toEqual([]);
    await fixture.reconcile(townId);
  }, 120_000);

  it('says what is wrong, in a line or two', async () => {
    const rows: readonly Row[] = [
      { situation: 'no command', words: [], code: 2, error: [/Say what to do/] },
      { situation: 'a typing mistake', words: ['statsu'], code: 2, error: [/Did you mean status/] },
      {
        situation: 'an unknown option',
        words: ['status', '--colour'],
        code: 2,
        error: [/colour/, /gastown status --help/],
      },
      {
        situation: 'an option twice',
        words: ['status', '--town', 'a', '--town', 'b'],
        code: 2,
        error: [/Say --town once/],
      },
      { situation: 'a word too few', words: ['sling'], code: 2, error: [/Something is missing: 0 of 1/] },
      {
        situation: 'a number that is none',
        words: ['beads', 'list', '--limit', 'ten'],
        code: 2,
        error: [/whole number/],
      },
      {
        situation: 'a task without a title',
        words: ['convoy', 'create', 'x', '--after', '0'],
        code: 2,
        error: [/--task/],
      },
      {
        situation: 'a secret as an argument',
        words: ['config', 'set', 'model.apiKey', 'sk-1'],
        code: 2,
        error: [/--secret-stdin/],
      },
      {
        situation: 'a file that is not there',
        words: ['import', '/nowhere/town.jsonl'],
        code: 2,
        error: [/Cannot read/],
      },
      {
        situation: 'an unknown town',
        words: ['status', '--town', 'Atlantis'],
        code: 1,
        error: [/no town "Atlantis"/],
      },
      {
        situation: 'an unknown bead',
        words: ['beads', 'show', 'nothing'],
        code: 1,
        error: [/no bead "nothing"/],
      },
      {
        situation: 'a field that is too long',
        words: ['sling', 'x'.repeat(201)],
        code: 1,
        error: [/title: /, /400 invalid_input, request \S+/],
      },
      {
        situation: 'a repository with unfinished work',
        words: ['rigs', 'remove', 'rig'],
        code: 1,
        error: [/unfinished work: \d+ beads/, /--force/, /409/],
      },
      {
        situation: 'a rule that is not suspended',
        words: ['rules', 'resume', 'bead/dispatch'],
        code: 1,
        error: [/bead\/dispatch is not suspended/, /409/],
      },
      {
        situation: 'an unknown setting',
        words: ['config', 'set', 'colour', 'red'],
        code: 1,
        error: [/colour/, /400/],
      },
      {
        situation: 'a place that is none',
        words: ['convoy', 'create', 'x', '--task', 'a', '--after', '7'],
        code: 1,
        error: [/400/],
      },
      {
        situation: 'a token that is none',
        words: ['status'],
        env: { GASTOWN_TOKEN: 'x' },
        code: 1,
        error: [/401/, /doctor/],
      },
      {
        situation: 'a refused connection',
        words: ['status', '--url', 'http://127.0.0.1:9'],
        code: 3,
        error: [/cannot reach/],
      },
      {
        situation: 'an address that is none',
        words: ['status', '--url', 'localhost'],
        code: 2,
        error: [/not the address/],
      },
      {
        situation: 'no installation',
        words: ['status', '--data-dir', '/nowhere'],
        env: { GASTOWN_URL: '' },
        code: 2,
        error: [/npm start/],
      },
    ];
    expect(await complaintsAtOnce(rows)).toEqual([]);
  }, 120_000);

  it('asks which town when there are several, and takes names and ends of ids', async () => {
    const token = await fixture.userToken('collector');
    const mine = { GASTOWN_TOKEN: token };
    const none = await run(['status'], { env: mine });
    expect([none.code, none.error]).toEqual([1, expect.stringContaining('gastown towns create')]);
    const ids: string[] = [];
    for (const name of ['North', 'South']) {
      const { out } = await run(['towns', 'create', name, '--json'], { env: mine });
      ids.push((JSON.parse(out) as { id: string }).id);
    }
    const unsaid = await run(['status'], { env: mine });
    expect([unsaid.code, unsaid.error]).toEqual([
      2,
      expect.stringMatching(/There are 2 towns[\s\S]*North[\s\S]*South/),
    ]);
    for (const name of ['North', ids[0] ?? '', ids[0]?.slice(-8) ?? '']) {
      const { code, out } = await run(['status', '--town', name], { env: mine });
      expect([code, out]).toEqual([0, expect.stringContaining('North')]);
    }
    const unsure = await run(['towns', 'delete', 'North'], { env: mine });
    expect([unsure.code, unsure.error]).toEqual([2, expect.stringContaining('--yes')]);
    const sure = await run(['towns', 'delete', 'North', '--yes', '--json'], { env: mine });
    expect([sure.code, JSON.parse(sure.out)]).toEqual([
      0,
      expect.objectContaining({ lifecycle: 'deleting' }),
    ]);
  }, 60_000);

  it('finds an expired token out, before and by asking', async () => {
    const token = await fixture.userToken('owner', -60);
    const refused = await run(['status'], { env: { GASTOWN_TOKEN: token } });
    expect([refused.code, refused.error]).toEqual([1, expect.stringMatching(/401 unauthorized/)]);
    const { code, out } = await run(['doctor'], { env: { GASTOWN_TOKEN: token } });
    expect([code, out]).toEqual([
      1,
      expect.stringMatching(/problem +the token expired[\s\S]*→[\s\S]*1 problem/),
    ]);
  });

  it('follows what happens until Ctrl-C', async () => {
    const following = gastown(['events', '--follow', '--json'], {
      env,
      interruptWhen: (out) => out.includes('followed'),
    });
    await run(['sling', 'followed'], {});
    await run(['beads', 'cancel', 'followed', '--reason', 'followed'], {});
    await fixture.reconcile(townId);
    const { code, out, error } = await following;
    expect({ code, error }).toEqual({ code: 130, error: '' });
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; reason: string });
    expect(lines.some(({ reason }) => reason.includes('followed'))).toBe(true);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
  }, 60_000);
});
