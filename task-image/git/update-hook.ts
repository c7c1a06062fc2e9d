/**
 * The `update` hook of a gateway. Its current directory is the gateway; the one branch that may be pushed stands in
 * `../push-branch`, empty for a reviewer. It answers early and in words the agent can act on; what holds even against an
 * agent that edits the gateway is how the supervisor collects from it (gateway.ts).
 */
export const UPDATE_HOOK = `#!/bin/sh
ref=$1 old=$2 new=$3
allowed=$(cat ../push-branch) || exit 1
refuse() {
  echo "gastown: $1" >&2
  exit 1
}
if [ -z "$allowed" ]; then
  refuse "refused: a reviewer pushes nothing. Say what should change in your verdict."
fi
if [ "$ref" != "refs/heads/$allowed" ]; then
  refuse "refused: you may push your own branch only, with: git push origin HEAD:$allowed"
fi
case $new in
  *[!0]*) ;;
  *) refuse "refused: $allowed cannot be deleted. Push further commits to it instead." ;;
esac
case $old in
  *[!0]*)
    if ! git merge-base --is-ancestor "$old" "$new"; then
      refuse "refused: $allowed only moves forward, no force push. To take over changes of another branch, merge it instead of rebasing; then: git push origin HEAD:$allowed"
    fi ;;
esac
exit 0
`;
