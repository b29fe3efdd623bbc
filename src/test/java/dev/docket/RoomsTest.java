package dev.docket;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom: the table of ARCHITECTURE.md. */
@AnalyzeClasses(packages = "dev.docket", importOptions = ImportOption.DoNotIncludeTests.class)
final class RoomsTest {

  @ArchTest
  static final ArchRule roomsHaveNoCycles =
      slices().matching("dev.docket.(*)..").should().beFreeOfCycles();

  @ArchTest static final ArchRule documentKnowsNoRoom = mayKnow("document");

  @ArchTest static final ArchRule taskKnowsDocuments = mayKnow("task", "document");

  @ArchTest static final ArchRule resultKnowsTasks = mayKnow("result", "task", "document");

  @ArchTest
  static final ArchRule workerKnowsTasks = mayKnow("worker", "task", "document", "wire", "courier");

  @ArchTest
  static final ArchRule courierKnowsTasks = mayKnow("courier", "task", "document", "wire");

  @ArchTest
  static final ArchRule searchKnowsTheDomainsValues =
      mayKnow("search", "task", "document", "result");

  @ArchTest
  static final ArchRule statsKnowTheDomainAndTheCensus =
      mayKnow("stats", "task", "document", "worker", "courier").allowEmptyShould(true);

  @ArchTest static final ArchRule eventsKnowTasks = mayKnow("events", "task", "document");

  @ArchTest
  static final ArchRule dispatchKnowsTheDomain =
      mayKnow("dispatch", "task", "document", "result", "courier", "worker", "wire", "stats");

  @ArchTest
  static final ArchRule dialectKnowsTheDomain =
      mayKnow("dialect", "task", "document", "result", "search", "worker");

  @ArchTest
  static final ArchRule dialectsDoNotKnowEachOther =
      slices().matching("dev.docket.dialect.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule elasticServesThePortsOfTheDomain =
      mayKnow("elastic", "task", "document", "result", "search", "worker", "dispatch", "stats");

  @ArchTest
  static final ArchRule rabbitServesThePortsOfTheDomain =
      mayKnow("rabbit", "task", "document", "courier", "worker", "events", "wire");

  @ArchTest
  static final ArchRule metricsListensAtPorts =
      mayKnow("metrics", "task", "document", "courier", "dispatch", "elastic", "stats");

  @ArchTest static final ArchRule apidocsKnowsNoRoom = mayKnow("apidocs");

  @ArchTest
  static final ArchRule prometheusInMetricsOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.docket.metrics..", "dev.docket.server..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.prometheus..");

  @ArchTest
  static final ArchRule errorsAndAuthKnowNoDomain =
      noClasses()
          .that()
          .resideInAnyPackage("dev.docket.errors..", "dev.docket.auth..", "dev.docket.batch..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("dev.docket..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "dev.docket.errors..", "dev.docket.auth..", "dev.docket.batch.."))));

  @ArchTest
  static final ArchRule nobodyKnowsTheServer =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.docket.server..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.docket.server..");

  @ArchTest
  static final ArchRule elasticsearchInElasticOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.docket.elastic..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("co.elastic.clients..", "org.elasticsearch..");

  @ArchTest
  static final ArchRule amqpInRabbitAndTheWorkerClientOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.docket.rabbit..", "dev.docket.worker..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.rabbitmq..");

  @ArchTest
  static final ArchRule httpInResourcesErrorsAuthAndServerOnly =
      noClasses()
          .that()
          .haveSimpleNameNotEndingWith("Resource")
          .and()
          .resideOutsideOfPackages(
              "dev.docket.errors..",
              "dev.docket.auth..",
              "dev.docket.dialect..",
              "dev.docket.server..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jakarta.ws.rs..");

  @ArchTest
  static final ArchRule theMachineReadsNoClockAndKnowsNoThread =
      noClasses()
          .that()
          .haveSimpleNameEndingWith("Moves")
          .or()
          .haveSimpleName("TaskMachine")
          .or()
          .haveSimpleName("Draft")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.time.Clock")
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("java.util.concurrent..")
          .orShould()
          .callMethod(java.time.Instant.class, "now");

  @ArchTest
  static final ArchRule resourcesArePublicAndFinal =
      classes()
          .that()
          .haveSimpleNameEndingWith("Resource")
          .should()
          .bePublic()
          .andShould()
          .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL);

  /** A room may know these others, errors, auth and batch, and nothing else of ours. */
  private static ArchRule mayKnow(String room, String... others) {
    String[] allowed = new String[others.length + 4];
    for (int i = 0; i < others.length; i++) {
      allowed[i] = "dev.docket." + others[i] + "..";
    }
    allowed[others.length] = "dev.docket." + room + "..";
    allowed[others.length + 1] = "dev.docket.errors..";
    allowed[others.length + 2] = "dev.docket.auth..";
    allowed[others.length + 3] = "dev.docket.batch..";
    return noClasses()
        .that()
        .resideInAPackage("dev.docket." + room + "..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.docket..").and(not(resideInAnyPackage(allowed))))
        .as("room " + room + " may know " + String.join(", ", others));
  }
}
