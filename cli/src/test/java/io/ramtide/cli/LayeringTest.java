package io.ramtide.cli;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** schemas <- acquirer, scanner, correlator <- cli; the three do not know each other. */
class LayeringTest {
  private static JavaClasses classes;

  @BeforeAll
  static void importAll() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.ramtide");
  }

  @Test
  void import_findsEveryModule() {
    for (String module :
        new String[] {"schemas", "acquirer", "scanner", "correlator", "testkit", "cli"}) {
      Assertions.assertThat(classes.stream().map(type -> type.getPackageName()))
          .as(module)
          .anyMatch(name -> name.startsWith("io.ramtide." + module));
    }
  }

  @Test
  void modules_knowOnlyWhatIsBelowThem() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("io.ramtide..")
        .layer("schemas")
        .definedBy("io.ramtide.schemas..")
        .layer("testkit")
        .definedBy("io.ramtide.testkit..")
        .layer("acquirer")
        .definedBy("io.ramtide.acquirer..")
        .layer("scanner")
        .definedBy("io.ramtide.scanner..")
        .layer("correlator")
        .definedBy("io.ramtide.correlator..")
        .layer("cli")
        .definedBy("io.ramtide.cli..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("acquirer")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("scanner")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("correlator")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("testkit")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("schemas")
        .mayNotAccessAnyLayer()
        .check(classes);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("io.ramtide.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void kafkaInternals_areUsedInOneFile() {
    ArchRuleDefinition.noClasses()
        .that()
        .haveNameNotMatching("io\\.ramtide\\.cli\\.broker\\.KraftServer")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "kafka..", "org.apache.kafka.server..", "org.apache.kafka.metadata..", "scala..")
        .check(classes);
  }
}
