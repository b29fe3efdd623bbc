package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.Caller;
import dev.docket.dialect.dane.index.query.InvalidQuery;
import dev.docket.http.Places;
import dev.docket.search.record.SnapshotExpired;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.Duration;

/** Scrolls: searches whose pages are separate calls. Their state is in their ids. */
final class ScrollService {

  private final IndexSearch search;
  private final OpenScrolls open;
  private final IndexResponses responses;
  private final ObjectMapper mapper;

  ScrollService(
      IndexSearch search, OpenScrolls open, IndexResponses responses, ObjectMapper mapper) {
    this.search = search;
    this.open = open;
    this.responses = responses;
    this.mapper = mapper;
  }

  /**
   * The first page.
   *
   * @throws TooManyScrolls if too many scrolls are open
   */
  StreamingOutput start(Caller caller, ObjectNode body, Duration keepAlive) {
    SearchCall call = SearchCall.read(body);
    if (call.from() > 0) {
      throw InvalidQuery.argument("using [from] is not allowed in a scroll context");
    }
    if (call.size() == 0) {
      throw InvalidQuery.argument("[size] cannot be [0] in a scroll context");
    }
    Places.Place place = open.take(caller);
    HitPages pages;
    try {
      pages = search.startScroll(call, keepAlive, caller.sees());
      open.hold(pages.snapshotId(), place, keepAlive);
    } catch (RuntimeException | Error failure) {
      place.close();
      throw failure;
    }
    return page(pages, call, body);
  }

  /**
   * The next page.
   *
   * @throws TooManyScrolls if another server has opened the scroll, and too many are open here
   */
  StreamingOutput next(Caller caller, String scrollId, Duration keepAlive) {
    ScrollId id = ScrollId.decode(scrollId, mapper);
    SearchCall call = SearchCall.read(id.body());
    open.extend(id.snapshot(), caller, keepAlive);
    try {
      HitPages pages = search.scroll(id, call, keepAlive, caller.sees());
      open.rename(id.snapshot(), pages.snapshotId());
      return page(pages, call, id.body());
    } catch (SnapshotExpired expired) {
      open.end(id.snapshot());
      throw expired;
    }
  }

  private StreamingOutput page(HitPages pages, SearchCall call, ObjectNode body) {
    String snapshot = pages.snapshotId();
    return out ->
        responses.writeHits(
            out,
            pages.total(),
            pages::next,
            call.source(),
            () -> {
              open.rename(snapshot, pages.snapshotId());
              return new ScrollId(pages.snapshotId(), pages.position(), pages.total(), body)
                  .encode(mapper);
            });
  }

  /** Ends a scroll, and returns whether it still existed. */
  boolean end(String scrollId) {
    ScrollId id = ScrollId.decode(scrollId, mapper);
    boolean existed = search.release(id);
    open.end(id.snapshot());
    return existed;
  }
}
