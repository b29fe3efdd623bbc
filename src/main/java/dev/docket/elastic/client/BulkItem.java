package dev.docket.elastic.client;

import dev.docket.store.Version;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * One write, as the lines that it is in a {@code _bulk}. What would make Elasticsearch refuse the
 * whole request with everybody's writes, is refused here.
 *
 * @param action the first line, without its end
 * @param source the record, one line without its end; empty for a removal
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record BulkItem(byte[] action, byte[] source) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
  private static final byte[] NOTHING = {};

  public static BulkItem create(Alias alias, String id, byte[] source) {
    return new BulkItem(action("create", alias, id, ""), source);
  }

  public static BulkItem replace(Alias alias, String id, byte[] source, Version seen) {
    return new BulkItem(action("index", alias, id, condition(seen)), source);
  }

  public static BulkItem put(Alias alias, String id, byte[] source) {
    return new BulkItem(action("index", alias, id, ""), source);
  }

  public static BulkItem remove(Alias alias, String id, Version seen) {
    return new BulkItem(action("delete", alias, id, condition(seen)), NOTHING);
  }

  public static BulkItem remove(Alias alias, String id) {
    return new BulkItem(action("delete", alias, id, ""), NOTHING);
  }

  /** How many bytes it is, with the ends of its lines. */
  int size() {
    return action.length + 1 + (source.length == 0 ? 0 : source.length + 1);
  }

  private static byte[] action(String operation, Alias alias, String id, String condition) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("id: must be 1 to 128 of A-Z a-z 0-9 _ -");
    }
    return ("{\""
            + operation
            + "\":{\"_index\":\""
            + alias
            + "\",\"_id\":\""
            + id
            + "\""
            + condition
            + "}}")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static String condition(Version seen) {
    if (seen.sequence() < 0 || seen.term() < 1) {
      throw new IllegalArgumentException("seen: no record has the version " + seen);
    }
    return ",\"if_seq_no\":" + seen.sequence() + ",\"if_primary_term\":" + seen.term();
  }
}
