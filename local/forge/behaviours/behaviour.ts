/** What the forge does instead of, or besides, answering as it should. */
export type Behaviour =
  /** Answers late. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Does nothing and answers this. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Text is sent as it is. */
      readonly body: object | string;
    }
  /** Cuts the connection before anything is done. */
  | { readonly kind: 'requestLost' }
  /** Does it, then cuts the connection. */
  | { readonly kind: 'answerLost' }
  /**
   * Does it, and answers with something else in one or more places of the body. A path's `*` is every key or index. What is replaced by null
   * with an `error` is a partial GraphQL answer.
   */
  | {
      readonly kind: 'rewrite';
      readonly path: readonly string[];
      readonly value: unknown;
      readonly error?: { readonly type: string; readonly message: string };
    };

export interface BehaviourRule {
  /** An operation as `calls` names it, or a pattern of them. */
  readonly on: string | RegExp;
  readonly behave: Behaviour;
  /** So many calls are answered as usual first. @default 0 */
  readonly skip?: number;
  /** @default 1; `Infinity` until it is stopped */
  readonly times?: number;
}

export interface ActiveBehaviour {
  /** How often it was applied. */
  hits(): number;
  stop(): void;
}

export interface Behaviours {
  add(rule: BehaviourRule): ActiveBehaviour;
  /** What the next call of this operation meets, in the order in which the rules came. */
  take(operation: string): Behaviour[];
  clear(): void;
}

export function createBehaviours(): Behaviours {
  let active: { rule: BehaviourRule; seen: number; hits: number }[] = [];
  const isOn = ({ on }: BehaviourRule, operation: string): boolean =>
    typeof on === 'string' ? on === operation : on.test(operation);
  return {
    add(rule) {
      const entry = { rule, seen: 0, hits: 0 };
      active.push(entry);
      return {
        hits: () => entry.hits,
        stop() {
          active = active.filter((other) => other !== entry);
        },
      };
    },
    take(operation) {
      const taken: Behaviour[] = [];
      for (const entry of active) {
        const { rule } = entry;
        if (!isOn(rule, operation)) continue;
        entry.seen += 1;
        if (entry.seen <= (rule.skip ?? 0) || entry.hits >= (rule.times ?? 1)) continue;
        entry.hits += 1;
        taken.push(rule.behave);
      }
      return taken;
    },
    clear() {
      active = [];
    },
  };
}
