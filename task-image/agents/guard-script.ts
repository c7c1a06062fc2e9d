/**
 * The shell script between the supervisor and an agent server, so that the server and what its tools started end with the
 * supervisor however that dies: its stdin is a pipe from the supervisor, and the kernel closes it even after a kill -9.
 *
 * Arguments: a mark (`NAME=value`), then the server's command. The mark goes into the server's environment and every
 * process below inherits it. Kilo gives each tool process a session of its own, so killing the guard's process group alone
 * would miss them; where there is a /proc, everything that carries the mark is ended too.
 *
 * Needs nothing but a POSIX sh, grep and sleep. Timing: TERM at once, KILL after 1.2 s, leftovers KILLed by 1.8 s.
 */
export const GUARD_SCRIPT = `
mark=$1
shift
marked() { grep -lsF -e "$mark" /proc/[0-9]*/environ 2>/dev/null; }
signal() {
  marked | while read -r file; do
    pid=\${file#/proc/}
    kill "-$1" "\${pid%/environ}" 2>/dev/null
  done
}
exec 3<&0 </dev/null
env "$mark" "$@" 3<&- &
server=$!
(
  while read -r _; do :; done <&3
  kill -TERM "$server"
  for _ in 1 2 3 4 5 6; do sleep 0.2; done
  kill -KILL "$server"
) >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$server"
code=$?
exec >/dev/null 2>&1
kill -KILL "$watcher"
signal TERM
for _ in 1 2 3; do
  [ -z "$(marked)" ] && break
  sleep 0.2
done
signal KILL
signal KILL
exit "$code"
`;
