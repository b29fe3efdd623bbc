package dev.docket.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from.
 *
 * @param address address of the client, which behind a trusted proxy is the one that the proxy
 *     names; null if it is unknown
 * @param requestId id of the request, as in the logs; null if it has none
 */
public record RequestOrigin(@Nullable String address, @Nullable String requestId) {

  public static RequestOrigin of(ContainerRequestContext request) {
    return new RequestOrigin(
        request.getProperty(RequestAttributes.ADDRESS) instanceof String address ? address : null,
        request.getHeaderString(RequestAttributes.ID_HEADER));
  }
}
