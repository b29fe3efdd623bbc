# Starts Elasticsearch in the foreground. Elasticsearch refuses to run as root: as root, this script changes the owner of
# DIR to the user nobody and runs Elasticsearch as that user.
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
    # For example, because the files are below /root. In a user namespace, root has another user id but keeps its access.
    as=(unshare --user --map-user=65534 --map-group=65534)
    chown -R root "$dir"
    if ! readable_for "${as[@]}"; then
      echo "Elasticsearch cannot run as root, and the user nobody cannot read $home, $dir or $ES_JAVA_HOME."
      echo "Make their parent directories accessible (chmod o+x), use a directory such as /tmp, or run as another user."
      exit 1
    fi
  fi
fi
exec "${as[@]}" "$home/bin/elasticsearch"
