# Starts Elasticsearch in the foreground. It refuses to run as root; then it runs as nobody, to whom DIR is given.
# Usage: bash -c elasticsearch.sh NAME HOME DIR
home=$1 dir=$2
readable_for() {
  "$@" cat "$home/bin/elasticsearch" "$dir/config/elasticsearch.yml" "$ES_JAVA_HOME/bin/java" >/dev/null 2>&1
}

as=()
if [ "$(id -u)" = 0 ]; then
  as=(setpriv --reuid=nobody "--regid=$(id -g nobody)" --clear-groups)
  chown -R nobody "$dir"
  if ! readable_for "${as[@]}"; then
    # Below /root, for example. In a user namespace of its own root has another number, but root's access to files.
    as=(unshare --user --map-user=65534 --map-group=65534)
    chown -R root "$dir"
    if ! readable_for "${as[@]}"; then
      echo "Elasticsearch does not run as root, and the user nobody cannot read $home, $dir or $ES_JAVA_HOME."
      echo "Make the directories above them traversable (chmod o+x), use a place such as /tmp, or an ordinary user."
      exit 1
    fi
  fi
fi
exec "${as[@]}" "$home/bin/elasticsearch"
