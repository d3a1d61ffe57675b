package dev.sluice.engine.exchange;

import dev.sluice.engine.files.FileResponse;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.ResponseHead;

/** An exchange whose request gets a file: hears how that goes. */
final class FileSending implements FileResponse.Owner {
    private final Exchange exchange;
    private final Tally tally;

    FileSending(Exchange exchange, Tally tally) {
        this.exchange = exchange;
        this.tally = tally;
    }

    @Override
    public void onHead(ResponseHead response) {
        tally.status = response.status();
        exchange.sign(response);
    }

    @Override
    public void onSent(long bytes) {
        tally.responseBytes += bytes;
    }

    @Override
    public void onDone() {
        exchange.finish();
    }

    @Override
    public void onFailed(Failure why) {
        exchange.fail(why);
    }
}
