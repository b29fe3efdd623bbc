package dev.docket.examples;

import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.Task;
import dev.docket.worker.TaskContext;
import dev.docket.worker.TaskHandler;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;

/** Computes the SHA-256 of a file. Reports progress, and stops if the task is cancelled. */
public final class FixityWorker implements TaskHandler {

  /** The task key of this worker. */
  public static final String KEY = "FIXITY";

  @Override
  public Outcome handle(Task task, TaskContext context) throws Exception {
    return LocalFile.read(task, file -> digest(file, context));
  }

  private static Outcome digest(Path file, TaskContext context) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    long size = Math.max(1, Files.size(file));
    long bytesRead = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha256.update(buffer, 0, read);
        bytesRead += read;
        context.progress((int) (100 * bytesRead / size), (bytesRead >> 20) + " MiB read");
        context.checkpoint();
      }
    }
    String hex = HexFormat.of().formatHex(sha256.digest());
    return Outcome.success(hex).result(Map.of("algorithm", "SHA-256", "digest", hex));
  }

  /** Runs the worker until it is stopped. Arguments: the server's URL and the broker's URI. */
  public static void main(String[] args) throws InterruptedException {
    DocketWorker.builder()
        .server(URI.create(args[0]))
        .broker(args[1])
        .handler(KEY, new FixityWorker())
        .concurrency(2)
        .build()
        .runUntilStopped();
  }
}
