package dev.docket.http;

import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.regex.Pattern;

/**
 * Rejects invalid media types. Jersey alone would send an empty 400 for an invalid {@code Accept},
 * and a 500 for a {@code Content-Type} whose quality is invalid.
 */
@PreMatching
final class MediaTypeFilter implements ContainerRequestFilter {

  private static final String QUALITY = "q";
  private static final Pattern VALID_QUALITY = Pattern.compile("0(\\.\\d{0,3})?|1(\\.0{0,3})?");

  @Override
  public void filter(ContainerRequestContext request) {
    try {
      request.getAcceptableMediaTypes();
    } catch (ProcessingException invalid) {
      throw InvalidRequest.field(
          HttpHeaders.ACCEPT, "must be a comma-separated list of media types");
    }
    if (!hasValidContentType(request)) {
      throw InvalidRequest.field(HttpHeaders.CONTENT_TYPE, "must be a media type");
    }
  }

  private static boolean hasValidContentType(ContainerRequestContext request) {
    try {
      MediaType type = request.getMediaType();
      String quality = type == null ? null : type.getParameters().get(QUALITY);
      return quality == null || VALID_QUALITY.matcher(quality).matches();
    } catch (ProcessingException invalid) {
      return false;
    }
  }
}
