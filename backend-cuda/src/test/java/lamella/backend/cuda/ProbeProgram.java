package lamella.backend.cuda;

import lamella.backend.Availability;

/// Prints what the provider says of this machine.
final class ProbeProgram {
    private ProbeProgram() {}

    public static void main(String[] arguments) {
        System.out.println(
                switch (new CudaBackendProvider().probe()) {
                    case Availability.Available(String device) -> "available: " + device;
                    case Availability.Unavailable(String reason) -> "unavailable: " + reason;
                });
    }
}
