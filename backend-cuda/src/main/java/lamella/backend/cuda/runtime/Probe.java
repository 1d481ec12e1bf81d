package lamella.backend.cuda.runtime;

import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcudnn.JCudnn;

import lamella.backend.Availability;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds out whether the backend can run here, and if not, what is missing.
public final class Probe {
    private static final int OLDEST_DRIVER = 12_000;
    private static final int OLDEST_DNN = 90_000;
    private static final Pattern NOT_FOUND = Pattern.compile("(lib\\S+\\.so[.\\d]*): cannot open shared object file");
    private static final Pattern OTHER_VERSION =
            Pattern.compile("(\\S*lib\\S+\\.so[.\\d]*): version [`'](\\S+)' not found");

    private final NativeLibraries libraries;

    private Probe(NativeLibraries libraries) {
        this.libraries = libraries;
    }

    /// Why the backend cannot run here, as the end of a sentence.
    private static final class Missing extends Exception {
        Missing(String reason) {
            super(reason);
        }
    }

    /// Loads the native libraries and asks for a device. A failed load is for the life of the program: ask once.
    public static Availability run() {
        String platform = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
        if (!platform.equals("Linux on amd64")) {
            return new Availability.Unavailable("JCuda's libraries are for Linux on amd64, this is " + platform);
        }
        try {
            return new Availability.Available(new Probe(NativeLibraries.find()).device());
        } catch (Missing e) {
            return new Availability.Unavailable(e.getMessage());
        }
    }

    private String device() throws Missing {
        load(NativeLibraries.Part.DRIVER, () -> JCudaDriver.setExceptionsEnabled(false));
        String name = driver();
        load(NativeLibraries.Part.BLAS, () -> JCublas2.setExceptionsEnabled(false));
        load(NativeLibraries.Part.DNN, () -> JCudnn.setExceptionsEnabled(false));
        long dnn = JCudnn.cudnnGetVersion();
        if (dnn < OLDEST_DNN) {
            throw new Missing("libcudnn.so.9 says that its version is " + dnn + ", not 9");
        }
        return name + ", cuDNN " + dnn / 10_000 + "." + dnn / 100 % 100 + "." + dnn % 100;
    }

    private String driver() throws Missing {
        int status = JCudaDriver.cuInit(0);
        if (status == CUresult.CUDA_ERROR_NO_DEVICE) {
            throw new Missing("the driver libcuda.so.1 finds no GPU");
        }
        require(status, "cuInit");
        int[] number = new int[1];
        require(JCudaDriver.cuDriverGetVersion(number), "cuDriverGetVersion");
        if (number[0] < OLDEST_DRIVER) {
            throw new Missing(
                    "the driver libcuda.so.1 is for CUDA %d.%d, at least 12.0 is needed"
                            .formatted(number[0] / 1000, number[0] % 1000 / 10));
        }
        require(JCudaDriver.cuDeviceGetCount(number), "cuDeviceGetCount");
        if (number[0] == 0) {
            throw new Missing("the driver libcuda.so.1 finds no GPU");
        }
        var device = new CUdevice();
        require(JCudaDriver.cuDeviceGet(device, 0), "cuDeviceGet");
        byte[] name = new byte[256];
        require(JCudaDriver.cuDeviceGetName(name, name.length, device), "cuDeviceGetName");
        return new String(name, StandardCharsets.UTF_8).replace("\0", "").strip();
    }

    private static void require(int status, String call) throws Missing {
        if (status != CUresult.CUDA_SUCCESS) {
            throw new Missing(call + " failed: " + CUresult.stringFor(status) + " (" + status + ")");
        }
    }

    private void load(NativeLibraries.Part part, Runnable touch) throws Missing {
        try {
            libraries.load(part, touch);
        } catch (IOException e) {
            throw new Missing("JCuda's native library cannot be unpacked: " + e.getMessage());
        } catch (LinkageError | RuntimeException e) {
            throw new Missing(explain(e));
        }
    }

    /// Returns the line of the loader's message that says what is wrong: JCuda wraps it in many others.
    private String explain(Throwable e) {
        String message = String.valueOf(e.getMessage());
        Matcher notFound = NOT_FOUND.matcher(message);
        if (notFound.find()) {
            return absent(notFound.group(1));
        }
        Matcher otherVersion = OTHER_VERSION.matcher(message);
        if (otherVersion.find()) {
            return "the library " + otherVersion.group(1) + " is not of version " + otherVersion.group(2);
        }
        return message.lines().findFirst().orElse(e.getClass().getSimpleName());
    }

    private String absent(String library) {
        String hint =
                library.equals("libcublas.so.12") && libraries.has("libcublas.so.13")
                        ? "libcublas.so.13 is there, for which forward-cublas.sh makes a libcublas.so.12; "
                        : "";
        return library + what(library) + " was not found; " + hint + libraries.searched();
    }

    private static String what(String library) {
        return switch (library) {
            case "libcuda.so.1" -> " (the NVIDIA driver)";
            case "libcublas.so.12" -> " (cuBLAS)";
            case "libcudnn.so.9" -> " (cuDNN)";
            default -> "";
        };
    }
}
