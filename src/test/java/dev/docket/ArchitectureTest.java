package dev.docket;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which package may depend on which: the table of ARCHITECTURE.md. */
@AnalyzeClasses(packages = "dev.docket", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  /** The packages of the other modules, which no package of the server shares. */
  private static final Set<String> OTHER_MODULES = Set.of("wire", "worker", "backends");

  /** For each package of the server, the others that it may depend on, besides concurrent. */
  private static final Map<String, Set<String>> MAY_DEPEND_ON =
      Map.ofEntries(
          entry("concurrent", Set.of()),
          entry("http", Set.of()),
          entry("logging", Set.of("http")),
          entry("auth", Set.of("http", "store")),
          entry("guard", Set.of("auth", "http")),
          entry("store", Set.of("http")),
          entry("audit", Set.of("auth", "http", "store")),
          entry("document", Set.of("auth", "http", "store", "audit")),
          entry("task", Set.of("auth", "http", "store", "audit", "document")),
          entry(
              "service",
              Set.of("auth", "http", "store", "audit", "document", "task", "broker", "protocol")),
          entry("result", Set.of("auth", "http", "store", "audit", "document", "task", "outbox")),
          entry("broker", Set.of("http", "task", "wire")),
          entry("protocol", Set.of("http", "document", "task", "broker", "wire")),
          entry("outbox", Set.of("task", "broker")),
          entry("dependency", Set.of("store", "task", "maintenance", "outbox")),
          entry(
              "maintenance",
              Set.of("store", "audit", "document", "task", "result", "joblog", "broker")),
          entry("admission", Set.of("store", "task", "maintenance", "outbox")),
          entry("limit", Set.of("auth", "http", "store", "audit", "task", "service", "admission")),
          entry(
              "drift",
              Set.of(
                  "auth",
                  "http",
                  "store",
                  "task",
                  "broker",
                  "protocol",
                  "counts",
                  "maintenance",
                  "workers")),
          entry(
              "explain",
              Set.of("auth", "http", "store", "document", "task", "broker", "protocol", "workers")),
          entry("counts", Set.of("auth", "store", "task", "maintenance")),
          entry(
              "workerapi",
              Set.of(
                  "auth",
                  "http",
                  "store",
                  "document",
                  "task",
                  "broker",
                  "protocol",
                  "result",
                  "joblog",
                  "maintenance",
                  "manual",
                  "workers",
                  "wire")),
          entry(
              "workers",
              Set.of(
                  "auth",
                  "http",
                  "store",
                  "audit",
                  "document",
                  "task",
                  "broker",
                  "maintenance",
                  "limit",
                  "wire")),
          entry("search", Set.of("auth", "http", "store", "audit", "document", "task", "result")),
          entry("manual", Set.of("auth", "http", "store", "document", "task", "result", "service")),
          entry("joblog", Set.of("auth", "http", "store", "task", "events")),
          entry("events", Set.of("auth", "http", "document", "task")),
          entry(
              "dialect",
              Set.of(
                  "auth",
                  "http",
                  "logging",
                  "store",
                  "audit",
                  "document",
                  "task",
                  "result",
                  "search",
                  "broker")),
          entry(
              "elastic",
              Set.of(
                  "auth",
                  "http",
                  "store",
                  "audit",
                  "document",
                  "task",
                  "service",
                  "result",
                  "search",
                  "counts",
                  "dependency",
                  "drift",
                  "explain",
                  "workerapi",
                  "workers",
                  "joblog",
                  "maintenance",
                  "admission",
                  "limit",
                  "manual")),
          entry(
              "rabbit", Set.of("http", "document", "task", "broker", "protocol", "events", "wire")),
          entry(
              "metrics",
              Set.of("task", "broker", "counts", "drift", "elastic", "maintenance", "workers")),
          entry(
              "console",
              Set.of(
                  "auth",
                  "http",
                  "logging",
                  "store",
                  "document",
                  "task",
                  "drift",
                  "counts",
                  "explain",
                  "search",
                  "workers",
                  "manual",
                  "service")),
          entry("apidocs", Set.of("http", "auth")));

  @ArchTest
  static void packagesDependOnlyOnWhatTheTableAllows(JavaClasses classes) {
    Set<String> violations = new TreeSet<>();
    for (JavaClass type : classes) {
      String from = topLevel(type);
      if (from.equals("server") || OTHER_MODULES.contains(from)) {
        continue;
      }
      Set<String> allowed = MAY_DEPEND_ON.get(from);
      if (allowed == null) {
        violations.add("package " + from + " is not in the table");
        continue;
      }
      type.getDirectDependenciesFromSelf().stream()
          .filter(use -> use.getTargetClass().getPackageName().startsWith("dev.docket"))
          .filter(use -> !topLevel(use.getTargetClass()).equals(from))
          .filter(use -> !topLevel(use.getTargetClass()).equals("concurrent"))
          .filter(use -> !allowed.contains(topLevel(use.getTargetClass())))
          .forEach(use -> violations.add(from + ": " + use.getDescription()));
    }
    if (!violations.isEmpty()) {
      throw new AssertionError(String.join("\n", violations));
    }
  }

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.docket.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule elasticHasNoCycles =
      slices().matching("dev.docket.elastic.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule rabbitHasNoCycles =
      slices().matching("dev.docket.rabbit.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule dialectsDoNotDependOnEachOther =
      slices().matching("dev.docket.dialect.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule protocolsDoNotDependOnEachOther =
      slices().matching("dev.docket.protocol.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule prometheusIsUsedInMetricsAndServerOnly =
      onlyIn(Set.of("metrics", "server"), "io.prometheus..");

  @ArchTest
  static final ArchRule elasticsearchClientIsUsedInElasticOnly =
      onlyIn(Set.of("elastic"), "co.elastic.clients..", "org.elasticsearch..");

  @ArchTest
  static final ArchRule amqpClientIsUsedInRabbitAndWorkerClientOnly =
      onlyIn(Set.of("rabbit", "worker"), "com.rabbitmq..");

  @ArchTest
  static final ArchRule jaxRsIsUsedInResourcesAndHttpPackagesOnly =
      noClasses()
          .that(not(resideInAnyPackage(packages("http", "auth", "dialect", "console", "server"))))
          .and()
          .haveSimpleNameNotEndingWith("Resource")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jakarta.ws.rs..");

  @ArchTest
  static final ArchRule machineReadsNoClockAndUsesNoThreads =
      noClasses()
          .that()
          .resideInAPackage("dev.docket.task.machine..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.time.Clock")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.concurrent..", "dev.docket.concurrent..")
          .orShould()
          .callMethod(java.time.Instant.class, "now");

  @ArchTest
  static final ArchRule machineDependsOnValuesOnly =
      noClasses()
          .that()
          .resideInAPackage("dev.docket.task.machine..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.docket.task.api..")
                  .or(simpleName("TaskService"))
                  .or(simpleName("TaskStore"))
                  .or(simpleName("Outbox")));

  @ArchTest
  static final ArchRule resourcesArePublicAndFinal =
      classes()
          .that()
          .haveSimpleNameEndingWith("Resource")
          .should()
          .bePublic()
          .andShould()
          .haveModifier(JavaModifier.FINAL);

  private static ArchRule onlyIn(Set<String> packages, String... library) {
    return noClasses()
        .that(not(resideInAnyPackage(packages(packages.toArray(String[]::new)))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(library);
  }

  private static String[] packages(String... names) {
    return Arrays.stream(names).map(name -> "dev.docket." + name + "..").toArray(String[]::new);
  }

  private static String topLevel(JavaClass type) {
    return Stream.of(type.getPackageName().split("\\."))
        .skip(2)
        .limit(1)
        .collect(Collectors.joining());
  }
}
