/** Guards whose loss changes nothing that could be seen, with the reason: `file: text`. Few, and each is a question to the rule. */
export const EQUIVALENT: Readonly<Record<string, string>> = {};
