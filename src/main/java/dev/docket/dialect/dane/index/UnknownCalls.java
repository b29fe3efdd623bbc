package dev.docket.dialect.dane.index;

import dev.docket.http.ErrorsFeature;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Rejects the calls of Elasticsearch that have no resource. */
final class UnknownCalls implements ExceptionMapper<ClientErrorException> {

  @Override
  public Response toResponse(ClientErrorException failure) {
    boolean unknown =
        failure instanceof NotFoundException || failure instanceof NotAllowedException;
    return ErrorsFeature.response(unknown ? IndexRejection.ofCall() : failure);
  }
}
