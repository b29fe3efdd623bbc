package dev.docket.wire;

/**
 * The request that uploads the payload of one result: {@code PUT} of {@link #PATH}, with the JSON
 * value in UTF-8 as its body. A worker uploads what does not fit into a {@link
 * ReportItem.Complete}, before it sends that. {@code HEAD} of the same path with the same headers
 * returns in {@link #OFFSET_HEADER} how many bytes the server has kept, so that an upload can
 * continue after a lost connection.
 */
public final class ResultUpload {

  /** The path; {@code n} is the result's index in {@link ReportItem.Complete#results}, from 0. */
  public static final String PATH = "/task/{id}/results/{n}";

  /** The number of the run, from 1. */
  public static final String ATTEMPT_HEADER = "Docket-Attempt";

  /** The random token of the run. It must not appear in logs. */
  public static final String RUN_HEADER = "Docket-Run";

  /** The id of the claim that holds the lease. It must not appear in logs. */
  public static final String CLAIM_HEADER = "Docket-Claim";

  /**
   * In a request the position in the payload, in bytes, at which the body begins; 0 by default. In
   * a response the position at which the upload must continue. A 409 with this header rejects the
   * position only; a 409 without it says that the run is not current.
   */
  public static final String OFFSET_HEADER = "Upload-Offset";

  private ResultUpload() {}

  /** The path of the payload of one result. */
  public static String path(String task, int n) {
    return "/task/" + task + "/results/" + n;
  }
}
