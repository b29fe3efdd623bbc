package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.dialect.dane.index.query.InvalidQuery;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.Duration;

/** Scrolls: searches whose pages are separate calls. Their state is in their ids. */
final class ScrollService {

  private final IndexSearch search;
  private final IndexResponses responses;
  private final ObjectMapper mapper;

  ScrollService(IndexSearch search, IndexResponses responses, ObjectMapper mapper) {
    this.search = search;
    this.responses = responses;
    this.mapper = mapper;
  }

  /** The first page. */
  StreamingOutput start(ObjectNode body, Duration keepAlive) {
    SearchCall call = SearchCall.read(body);
    if (call.from() > 0) {
      throw InvalidQuery.argument("using [from] is not allowed in a scroll context");
    }
    if (call.size() == 0) {
      throw InvalidQuery.argument("[size] cannot be [0] in a scroll context");
    }
    return page(search.startScroll(call, keepAlive), call, body);
  }

  /** The next page. */
  StreamingOutput next(String scrollId, Duration keepAlive) {
    ScrollId id = ScrollId.decode(scrollId, mapper);
    SearchCall call = SearchCall.read(id.body());
    return page(search.scroll(id, call, keepAlive), call, id.body());
  }

  private StreamingOutput page(HitPages pages, SearchCall call, ObjectNode body) {
    return out ->
        responses.writeHits(
            out,
            pages.total(),
            pages::next,
            call.source(),
            () ->
                new ScrollId(pages.snapshotId(), pages.position(), pages.total(), body)
                    .encode(mapper));
  }

  /** Ends a scroll, and returns whether it still existed. */
  boolean end(String scrollId) {
    return search.release(ScrollId.decode(scrollId, mapper));
  }
}
