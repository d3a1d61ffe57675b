package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

/** What the launcher names as its own dependency has the scope that it says there, for all. */
class ScopesTest {
    private static final Path ROOT = Path.of("..", "..");

    @Test
    void nothingThatAModuleRunsWithIsForTestsOnly() throws Exception {
        Set<String> forTests = artifacts(Path.of("pom.xml"), "test"::equals);
        Set<String> needed = new TreeSet<>();
        for (Path module : modules()) {
            needed.addAll(artifacts(module, scope -> !scope.equals("test")));
        }

        assertThat(needed).contains("netty-handler").doesNotContainAnyElementsOf(forTests);
    }

    private static List<Path> modules() throws Exception {
        try (Stream<Path> files = Files.walk(ROOT, 3)) {
            return files.filter(file -> file.endsWith("pom.xml"))
                    .filter(file -> !file.startsWith(ROOT.resolve("chaos-tests")))
                    .filter(file -> !file.startsWith(ROOT.resolve("control/testing")))
                    .toList();
        }
    }

    private static Set<String> artifacts(Path pom, Predicate<String> scope) throws Exception {
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        NodeList dependencies = document.getElementsByTagName("dependency");
        Set<String> found = new TreeSet<>();
        IntStream.range(0, dependencies.getLength())
                .mapToObj(i -> (Element) dependencies.item(i))
                .filter(one -> !one.getParentNode().getParentNode().getNodeName().contains("Manag"))
                .filter(one -> scope.test(text(one, "scope")))
                .forEach(one -> found.add(text(one, "artifactId")));
        return found;
    }

    private static String text(Element of, String name) {
        NodeList found = of.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }
}
