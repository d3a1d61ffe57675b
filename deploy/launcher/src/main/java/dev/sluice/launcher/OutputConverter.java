package dev.sluice.launcher;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.List;

/** {@code -o text} or {@code -o json}, for frames. */
final class OutputConverter implements ITypeConverter<OutputConverter.Format> {

    /** How results are printed. */
    enum Format {
        TEXT,
        JSON;

        String write(List<FrameRun> runs) {
            return switch (this) {
                case TEXT -> FrameRunText.text(runs);
                case JSON -> FrameRunText.json(runs);
            };
        }
    }

    @Override
    public Format convert(String text) {
        return switch (text) {
            case "text" -> Format.TEXT;
            case "json" -> Format.JSON;
            default ->
                    throw new TypeConversionException(
                            "'" + text + "' is no output format; allowed: text, json");
        };
    }
}
