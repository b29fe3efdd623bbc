package dev.docket.elastic.client;

import dev.docket.store.Version;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One write, as its lines in a {@code _bulk} request. The factories reject ids and versions that
 * would make Elasticsearch reject the whole request, with the writes of other callers.
 *
 * @param action the action line, without its line end
 * @param source the record as one line, without its line end; empty for a removal
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record BulkItem(byte[] action, byte[] source) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,140}");
  private static final byte[] NO_SOURCE = {};
  private static final int CONFLICT_RETRIES = 5;

  public static BulkItem create(Alias alias, String id, byte[] source) {
    return new BulkItem(action("create", alias, id, ""), source);
  }

  public static BulkItem replace(Alias alias, String id, byte[] source, Version seen) {
    return new BulkItem(action("index", alias, id, condition(seen)), source);
  }

  public static BulkItem put(Alias alias, String id, byte[] source) {
    return new BulkItem(action("index", alias, id, ""), source);
  }

  /**
   * Changes some fields of a record, whatever its version.
   *
   * @param update one line: {@code {"doc": {…}}}
   */
  public static BulkItem update(Alias alias, String id, byte[] update) {
    return new BulkItem(
        action("update", alias, id, ",\"retry_on_conflict\":" + CONFLICT_RETRIES), update);
  }

  public static BulkItem remove(Alias alias, String id, Version seen) {
    return new BulkItem(action("delete", alias, id, condition(seen)), NO_SOURCE);
  }

  public static BulkItem remove(Alias alias, String id) {
    return new BulkItem(action("delete", alias, id, ""), NO_SOURCE);
  }

  /** Returns the items as the body of a {@code _bulk} request. */
  public static byte[] lines(List<BulkItem> items) {
    byte[] lines = new byte[items.stream().mapToInt(BulkItem::size).sum()];
    int end = 0;
    for (BulkItem item : items) {
      end = line(item.action, lines, end);
      if (item.source.length > 0) {
        end = line(item.source, lines, end);
      }
    }
    return lines;
  }

  private static int line(byte[] line, byte[] lines, int at) {
    System.arraycopy(line, 0, lines, at, line.length);
    lines[at + line.length] = '\n';
    return at + line.length + 1;
  }

  /** Returns the size in bytes, including line ends. */
  int size() {
    return action.length + 1 + (source.length == 0 ? 0 : source.length + 1);
  }

  private static byte[] action(String operation, Alias alias, String id, String condition) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("id: must be 1 to 140 of A-Z a-z 0-9 _ -");
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
      throw new IllegalArgumentException(
          "seen: must have a sequence of 0 or more and a term of 1 or more (was " + seen + ")");
    }
    return ",\"if_seq_no\":" + seen.sequence() + ",\"if_primary_term\":" + seen.term();
  }
}
