package dev.sluice.launcher;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.Tls;
import dev.sluice.engine.tls.Authorities;
import dev.sluice.engine.tls.CertificateCheck;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Would a proxy take these certificates, and for how long? */
@Command(
        name = "check",
        description = {
            "Check certificates and keys as a proxy does before it serves them: they belong"
                    + " together, the chain is in order and in its time, nothing is weak, the key is"
                    + " its owner's alone, the OCSP response is about the certificate. Warns of what a"
                    + " proxy cannot know to be wrong: an end that is near, a chain that stops short, a"
                    + " name that no certificate is for.",
            "Run it where the files are, on a proxy's host.",
            "Exit codes: 0 nothing to say, 1 warnings or an unreadable file, 2 usage, 3 a proxy"
                    + " would refuse them."
        },
        footer = {
            "",
            "Examples:",
            "  sluice cert check l7.yaml",
            "  sluice cert check --certificate web.crt --key web.key --name www.example.org",
        })
final class CertCheckCommand implements Callable<Integer> {
    private static final int WARNED = 1;
    private static final int REFUSED = 3;
    private static final int MAX_DAYS = 3650;

    @Mixin HelpOption help = new HelpOption();

    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin OutputOption output = new OutputOption();

    @ArgGroup(multiplicity = "1")
    Subject subject = new Subject();

    @Option(
            names = "--name",
            paramLabel = "HOST",
            description = "A host that one of the certificates must be for; may be repeated.")
    List<String> names = new ArrayList<>();

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "30",
            description =
                    "Warn of certificates that end within N days, 0 to 3650 (default:"
                            + " ${DEFAULT-VALUE}).")
    int days = 30;

    @Option(
            names = "--authorities",
            paramLabel = "FILE",
            description = "PEM: whom clients trust besides the authorities that Java knows.")
    @Nullable Path authorities;

    /** A whole configuration, or one pair. */
    static final class Subject {
        @Parameters(
                index = "0",
                paramLabel = "CONFIG",
                description = "An L7 configuration: every certificate in it.")
        @Nullable Path config;

        @ArgGroup(exclusive = false)
        @Nullable Pair pair;
    }

    /** Files as a listener names them. */
    static final class Pair {
        @Option(
                names = "--certificate",
                required = true,
                paramLabel = "FILE",
                description = "PEM chain, leaf first.")
        Path certificate = Path.of("");

        @Option(
                names = "--key",
                required = true,
                paramLabel = "FILE",
                description = "PEM in PKCS #8.")
        Path key = Path.of("");

        @Option(names = "--staple", paramLabel = "FILE", description = "OCSP response in DER.")
        @Nullable Path staple;
    }

    @Override
    public Integer call() throws IOException {
        if (days < 0 || days > MAX_DAYS) {
            throw new ParameterException(
                    spec.commandLine(), "--days is " + days + ": allowed are 0 to " + MAX_DAYS);
        }
        PrintWriter err = spec.commandLine().getErr();
        List<Problem> unread = new ArrayList<>();
        CertificateCheck.Terms terms = terms(unread);
        if (!unread.isEmpty()) {
            unread.forEach(err::println);
            return 1;
        }
        Pair pair = subject.pair;
        return pair == null
                ? check(Objects.requireNonNull(subject.config), terms, err)
                : tell(
                        CertificateCheck.of(
                                new Tls.KeyPair(pair.certificate.toString(), pair.key.toString()),
                                Optional.ofNullable(pair.staple).map(Path::toString),
                                terms),
                        terms);
    }

    private CertificateCheck.Terms terms(List<Problem> unread) {
        List<X509Certificate> known = new ArrayList<>(Authorities.ofJava());
        if (authorities != null) {
            known.addAll(Authorities.read(authorities, unread::add));
        }
        return new CertificateCheck.Terms(
                Instant.now(),
                Duration.ofDays(days),
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList(),
                known);
    }

    private int check(Path config, CertificateCheck.Terms terms, PrintWriter err)
            throws IOException {
        Parsed<L7Config> parsed = L7Config.parse(config.toString(), Files.readString(config));
        return switch (parsed) {
            case Parsed.Valid<L7Config>(L7Config valid) ->
                    tell(CertificateCheck.of(config.toString(), valid, terms), terms);
            case Parsed.Invalid<L7Config> _ -> {
                err.println(parsed.report());
                yield REFUSED;
            }
        };
    }

    private int tell(CertificateCheck.Findings findings, CertificateCheck.Terms terms) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.isJson() ? CertText.json(findings) : CertText.text(findings, terms.now()));
        out.flush();
        if (!output.isJson()) {
            findings.problems()
                    .forEach(problem -> spec.commandLine().getErr().println("refused: " + problem));
        }
        if (!findings.problems().isEmpty()) {
            return REFUSED;
        }
        return findings.isWithoutWarning() ? 0 : WARNED;
    }
}
