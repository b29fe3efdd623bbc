package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Whether all promises were kept, looked for until they are or their time is over. */
final class Verdict {

  private static final long LOOK_MILLIS = 1000;

  private final Client client;
  private final List<Client> servers;
  private final Instant mended;
  private final AcceptedWork accepted;
  private final Settings settings;

  Verdict(
      Client client,
      List<Client> servers,
      Instant mended,
      AcceptedWork accepted,
      Settings settings) {
    this.client = client;
    this.servers = List.copyOf(servers);
    this.mended = mended;
    this.accepted = accepted;
    this.settings = settings;
  }

  /**
   * What came out.
   *
   * @param settled how long it took from the last mending until all was as promised
   * @param last what was amiss until then
   * @param drift what the servers say of it
   */
  record Outcome(
      List<Breach> breaches,
      Evidence evidence,
      RunChecks runs,
      HistoryStatistics transitions,
      Duration settled,
      String last,
      String drift) {}

  Outcome reach(List<Path> logs)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Evidence evidence;
    List<Breach> breaches;
    String drift;
    String last = "nothing";
    while (true) {
      evidence = Evidence.of(client);
      breaches = new StoreChecks(accepted, evidence).check();
      drift = drift(breaches);
      if (breaches.isEmpty() || sinceMended().compareTo(Settings.SETTLE) > 0) {
        break;
      }
      last = breaches.get(0).toString();
      Thread.sleep(LOOK_MILLIS);
    }
    Duration settled = sinceMended();
    List<Breach> all = new ArrayList<>(breaches);
    accepted.troubles().forEach(healthError -> all.add(new Breach("", healthError)));
    RunChecks runs = new RunChecks(Evidence.runs(logs));
    all.addAll(runs.check());
    handedIn(evidence, runs, all);
    HistoryStatistics transitions =
        new HistoryStatistics(
            Evidence.histories(client, evidence.tasks().keySet()), accepted.faults());
    transitions.inVain().forEach(what -> all.add(new Breach("", "sent again in vain: " + what)));
    return new Outcome(all, evidence, runs, transitions, settled, last, drift);
  }

  private Duration sinceMended() {
    return Duration.between(mended, Instant.now());
  }

  /** Each server tells of its own last look; one at least must have looked since the mending. */
  private String drift(List<Breach> breaches) throws InterruptedException, TimeoutException {
    List<String> told = new ArrayList<>();
    for (Client server : servers) {
      Client.Answer answer = server.get("/drift");
      if (answer.status() != 200) {
        if (settings.kinds().size() == Fault.Kind.values().length) {
          breaches.add(new Breach("", "no /drift: " + answer.status()));
        }
        return "not told";
      }
      JsonNode drift = answer.body();
      if (drift.hasNonNull("missing") && Instant.parse(drift.path("at").asText()).isAfter(mended)) {
        long missing = drift.path("missing").asLong();
        long surplus = drift.path("surplus").asLong();
        told.add(missing + " missing, " + surplus + " surplus");
        if (missing != 0 || surplus != 0) {
          breaches.add(new Breach("", "/drift: " + drift));
        }
      }
    }
    if (told.isEmpty()) {
      breaches.add(new Breach("", "/drift: no server has looked"));
    }
    return String.join("; ", told);
  }

  /** The results are those of the run that ended the task, and no others. */
  private void handedIn(Evidence evidence, RunChecks runs, List<Breach> breaches) {
    for (Promise promise : accepted.tasks().values()) {
      JsonNode task = evidence.tasks().get(promise.id());
      if (task != null
          && StoreChecks.state(task) == 200
          && !promise.key().equals(Installation.DANE_KEY)
          && !runs.succeeded(promise.id(), task.path("attempt").asInt())) {
        breaches.add(new Breach(promise.id(), "has succeeded, which no worker has said"));
      }
    }
    evidence
        .results()
        .forEach(
            (task, results) -> {
              int attempt = results.get(0).path("attempt").asInt();
              Map<JsonNode, Integer> there = new HashMap<>();
              results.forEach(result -> there.merge(result.path("payload"), 1, Integer::sum));
              Map<JsonNode, Integer> given = new HashMap<>();
              runs.handedIn(task, attempt).forEach(p -> given.merge(p, 1, Integer::sum));
              if (!there.equals(given)) {
                breaches.add(
                    new Breach(
                        task,
                        "its results are not what attempt "
                            + attempt
                            + " handed in: "
                            + there
                            + " and not "
                            + given));
              }
            });
  }
}
