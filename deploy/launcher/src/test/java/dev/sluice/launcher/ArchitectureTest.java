package dev.sluice.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import java.time.Instant;

/** The arrows of docs/ARCHITECTURE.md, checked over the byte code of every module. */
@AnalyzeClasses(packages = "dev.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] PURE = {
        "dev.sluice.cluster.hash..",
        "dev.sluice.cluster.pool..",
        "dev.sluice.cluster.table..",
        "dev.sluice.cluster.packet..",
        "dev.sluice.cluster.transition..",
        "dev.sluice.cluster.agent..",
        "dev.sluice.cluster.config..",
        "dev.sluice.cluster.glb..",
        "dev.sluice.cluster.json..",
        "dev.sluice.cluster.pcap..",
        "dev.sluice.cluster.l7.."
    };

    @ArchTest
    static final ArchRule theCoreKnowsNoInfrastructure =
            noClasses()
                    .that()
                    .resideInAnyPackage(PURE)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.curator..",
                            "org.apache.zookeeper..",
                            "io.netty..",
                            "io.grpc..",
                            "dev.sluice.proto..",
                            "dev.sluice.cluster.zookeeper..",
                            "dev.sluice.cluster.node..",
                            "java.util.concurrent..",
                            "java.nio.file..",
                            "java.util.random..");

    @ArchTest
    static final ArchRule theCoreHasNoThreadsClocksOrRandomness =
            noClasses()
                    .that()
                    .resideInAnyPackage(PURE)
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.lang.Thread")
                    .orShould()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.util.Random")
                    .orShould()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.security.SecureRandom")
                    .orShould()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.time.Clock")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule onlyTheStoreTouchesCurator =
            noClasses()
                    .that()
                    .resideInAPackage("dev.sluice.cluster..")
                    .and()
                    .resideOutsideOfPackage("dev.sluice.cluster.zookeeper..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.curator..", "org.apache.zookeeper..");

    @ArchTest
    static final ArchRule onlyTheCodecTouchesNettysHttp =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.sluice.engine.codec..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.netty.handler.codec.http..", "io.netty.handler.codec.http2..");

    @ArchTest
    static final ArchRule commandLinesLiveInTheCliAndTheLauncher =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("dev.sluice.cli..", "dev.sluice.launcher..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule clusterDependsOnNobody =
            noClasses()
                    .that()
                    .resideInAPackage("dev.sluice.cluster..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.sluice.control..",
                            "dev.sluice.cli..",
                            "dev.sluice.datapath..",
                            "dev.sluice.director..",
                            "dev.sluice.engine..",
                            "dev.sluice.proxy..",
                            "dev.sluice.lab..",
                            "dev.sluice.simulation..",
                            "dev.sluice.launcher..");

    @ArchTest
    static final ArchRule theSimulationKnowsOnlyTheCore =
            noClasses()
                    .that()
                    .resideInAPackage("dev.sluice.simulation..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.sluice.control..",
                            "dev.sluice.cli..",
                            "dev.sluice.datapath..",
                            "dev.sluice.director..",
                            "dev.sluice.engine..",
                            "dev.sluice.proxy..",
                            "dev.sluice.proto..",
                            "dev.sluice.lab..",
                            "dev.sluice.cluster.zookeeper..",
                            "java.lang.Thread",
                            "java.util.concurrent..");

    @ArchTest
    static final ArchRule theSimulationHasNoClock =
            noClasses()
                    .that()
                    .resideInAPackage("dev.sluice.simulation..")
                    .should()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(Instant.class, "now");

    @ArchTest
    static final ArchRule theCliKnowsOnlyTheAdminApi =
            noClasses()
                    .that()
                    .resideInAPackage("dev.sluice.cli..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.sluice.cluster..",
                            "dev.sluice.control..",
                            "dev.sluice.datapath..",
                            "dev.sluice.director..",
                            "dev.sluice.engine..",
                            "dev.sluice.proxy..",
                            "dev.sluice.lab..");

    @ArchTest
    static final ArchRule directorsDoNotKnowProxiesOrControllers =
            noClasses()
                    .that()
                    .resideInAnyPackage("dev.sluice.director..", "dev.sluice.datapath..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.sluice.proxy..",
                            "dev.sluice.engine..",
                            "dev.sluice.control..",
                            "dev.sluice.lab..");

    @ArchTest
    static final ArchRule proxiesDoNotKnowDirectorsOrControllers =
            noClasses()
                    .that()
                    .resideInAnyPackage("dev.sluice.proxy..", "dev.sluice.engine..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.sluice.director..", "dev.sluice.control..", "dev.sluice.lab..");

    @ArchTest
    static final ArchRule packagesOfTheCoreFormNoCycle =
            slices().matching("dev.sluice.cluster.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothingDependsOnTheLauncher =
            classes()
                    .that()
                    .resideInAPackage("dev.sluice.launcher..")
                    .should()
                    .onlyHaveDependentClassesThat()
                    .resideInAPackage("dev.sluice.launcher..");
}
