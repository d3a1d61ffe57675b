package dev.sluice.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lab.Report;
import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Broken;
import dev.sluice.lab.history.Event.Fault;
import dev.sluice.lab.history.Event.Pin;
import dev.sluice.lab.history.Event.PinKind;
import dev.sluice.lab.history.History;
import dev.sluice.lab.scenario.Catalog;
import dev.sluice.lab.scenario.Trial;
import dev.sluice.lab.scenario.Trial.Outcome;
import dev.sluice.lab.traffic.FailureKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import javax.xml.parsers.DocumentBuilderFactory;

class ChaosReportTest {
    @TempDir Path folder;

    private static Outcome outcome() {
        History history = new History();
        history.add(
                new Fault(
                        5000,
                        9000,
                        "kill -9 <proxy-1>",
                        "proxy-1",
                        6000,
                        List.of(),
                        true,
                        OptionalLong.of(5400)));
        history.add(
                new Pin(
                        100,
                        7000,
                        PinKind.TALK,
                        4,
                        false,
                        "198.19.0.4:40000",
                        "proxy-2",
                        "upstream-1",
                        20,
                        300,
                        Optional.of(new Broken(FailureKind.RESET, "reset"))));
        Report report = new Report();
        report.figure("pinned connections", 1);
        report.check("nothing broke", false, "1 & more");
        return new Outcome(
                Catalog.find("storm").orElseThrow(),
                new Trial.Order(7, Optional.of(Duration.ofMinutes(3))),
                history,
                report);
    }

    @Test
    void saysWhatBrokeWhenAndHowToSeeItAgain() throws Exception {
        Path page = ChaosReport.write(outcome(), folder);
        assertThat(Files.readString(page))
                .contains("sluice chaos run storm --seed 7 --minutes 3")
                .contains("7.000 s", "TALK 4", "proxy-2", "1 &amp; more")
                .doesNotContain("<proxy-1>", "http://", "https://");
        assertThat(Files.readString(page.resolveSibling("report.json")))
                .contains("\"scenario\":\"storm\"", "\"good\":false", "\"atMs\":7000");
        assertThat(Files.readAllLines(page.resolveSibling("history.jsonl")))
                .hasSize(2)
                .first()
                .asString()
                .startsWith("{\"event\":\"Pin\",\"atMs\":100,");
    }

    @Test
    void thePictureIsWellFormedAndShowsFaultsBudgetsAndBreaks() throws Exception {
        List<Event> events = outcome().history().events();
        String svg = Timeline.of(events);
        var document =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(svg)));
        assertThat(document.getElementsByTagName("circle").getLength())
                .as("when it was detected, and what broke")
                .isEqualTo(2);
        assertThat(svg).contains("kill -9 &lt;proxy-1&gt;", "TALK 4 by proxy-2: RESET");
    }
}
