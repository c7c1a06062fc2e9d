/** The first SIGINT or SIGTERM runs `drain` and ends the process; a second one ends it at once. */
export function onStopSignal(drain: () => Promise<void>): void {
  let isDraining = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isDraining) process.exit(130);
    isDraining = true;
    drain().then(
      () => process.exit(signal === 'SIGINT' ? 130 : 0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
