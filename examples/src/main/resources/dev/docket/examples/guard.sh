# Runs a command until it ends or standard input ends. The parent process holds the other end of that pipe, so the
# command ends with the parent, even after kill -9. Sends TERM first, then KILL after 20 s. Ignores Ctrl-C, which the
# parent handles.
# Usage: bash -c guard.sh NAME COMMAND...
trap '' INT HUP
exec 3<&0 </dev/null
set -m
"$@" 3<&- &
child=$!
set +m
(
  read -r <&3
  kill -TERM "$child"
  for ((tenths = 0; tenths < 200; tenths++)); do
    kill -0 "$child" || exit
    sleep 0.1
  done
  kill -KILL "$child"
) 2>/dev/null &
watcher=$!
disown "$watcher"
exec 3<&-
wait "$child"
status=$?
kill -KILL "$watcher" 2>/dev/null
exit "$status"
