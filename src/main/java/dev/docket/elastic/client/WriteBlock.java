package dev.docket.elastic.client;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Explains blocks: settings of an index or of the cluster with which Elasticsearch rejects writes,
 * for example because a disk is full. A retry helps only after the block is removed.
 */
public final class WriteBlock {

  private static final String ERROR_TYPE = "cluster_block_exception";

  private static final Pattern INDEX = Pattern.compile("index \\[([^\\]]+)\\]");

  /** A block in a reason, such as {@code [FORBIDDEN/8/index write (api)]}. */
  private static final Pattern BLOCK = Pattern.compile("\\[[A-Z_]+/(\\d+)/([^\\]]*)\\]");

  private WriteBlock() {}

  /**
   * Explains an error, if a block is its cause.
   *
   * @param errorType type of the error in the response
   * @param reason reason of the error in the response, which names index and block
   */
  public static Optional<String> explain(String errorType, String reason) {
    if (!errorType.equals(ERROR_TYPE)) {
      return Optional.empty();
    }
    Matcher block = BLOCK.matcher(reason);
    String cause =
        block.find() ? cause(block.group(1), block.group(2)) : "it is blocked (" + reason + ")";
    Matcher index = INDEX.matcher(reason);
    return Optional.of(
        "Elasticsearch rejects writes"
            + (index.find() ? " to index " + index.group(1) : "")
            + ": "
            + cause);
  }

  private static String cause(String id, String description) {
    return switch (id) {
      case "12" ->
          "it has index.blocks.read_only_allow_delete, which Elasticsearch sets if a disk exceeds"
              + " cluster.routing.allocation.disk.watermark.flood_stage, and removes when the disk"
              + " has space again; free disk space";
      case "5" -> set("index.blocks.read_only");
      case "8" -> set("index.blocks.write");
      case "6" -> set("cluster.blocks.read_only");
      case "13" -> set("cluster.blocks.read_only_allow_delete");
      default -> "it is blocked (" + description + ")";
    };
  }

  private static String set(String setting) {
    return "its setting " + setting + " is true; set it to false";
  }
}
