package dev.docket.guard;

/**
 * The rate of requests that one caller may send.
 *
 * @param perSecond requests per second in the long run; 0 means no limit
 * @param burst requests that may arrive at once
 */
public record RequestRate(int perSecond, int burst) {

  public static final RequestRate UNLIMITED = new RequestRate(0, 1);

  public RequestRate {
    if (perSecond < 0 || burst < 1) {
      throw new IllegalArgumentException(
          "perSecond must be at least 0 and burst at least 1 (was "
              + perSecond
              + ", "
              + burst
              + ")");
    }
  }

  boolean isLimited() {
    return perSecond > 0;
  }
}
