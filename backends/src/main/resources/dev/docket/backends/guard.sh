# Runs a command in its own process group, and ends the whole group when standard input ends. The parent process holds
# the other end of that pipe, so the group ends with the parent, even after kill -9. Sends TERM first, then KILL after
# SECONDS. If the parent writes the word "kill" to the pipe, sends KILL immediately.
# Usage: setsid bash -c guard.sh NAME SECONDS COMMAND...
trap '' INT HUP
seconds=$1
shift
exec 3<&0 </dev/null

# Zombie processes do not count.
group_lives() {
  local stat line
  if [ ! -d /proc/self ]; then
    kill -0 -- "-$child" 2>/dev/null
    return
  fi
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    set -- ${line##*) }
    [ "$3" = "$child" ] && [ "$1" != Z ] && return 0
  done
  return 1
}

end_group() {
  kill -TERM -- "-$child" 2>/dev/null
  for ((tenths = 0; tenths < seconds * 10; tenths++)); do
    group_lives || return
    sleep 0.1
  done
  kill -KILL -- "-$child" 2>/dev/null
}

set -m
"$@" 3<&- &
child=$!
set +m

(
  if read -r word <&3 && [ "$word" = kill ]; then
    kill -KILL -- "-$child" 2>/dev/null
  else
    end_group
  fi
) &
watcher=$!
disown "$watcher"
exec 3<&-

wait "$child"
status=$?
group_lives && end_group
kill -KILL "$watcher" 2>/dev/null
exit "$status"
