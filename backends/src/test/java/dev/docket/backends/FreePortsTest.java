package dev.docket.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

final class FreePortsTest {

  @Test
  void findsDistinctPorts() {
    assertThat(FreePorts.find(20)).doesNotHaveDuplicates().allMatch(port -> port > 0);
  }

  @Test
  void rejectsPortInUse() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = socket.getLocalPort();

      assertThatThrownBy(() -> FreePorts.require(port))
          .isInstanceOf(BackendStartException.class)
          .hasMessageContaining("cannot bind port " + port);
    }
  }

  @Test
  void acceptsPortZero() {
    FreePorts.require(0);
  }
}
