package lamella.backend.cuda.convolution;

import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnHandle;

import lamella.backend.cuda.runtime.Address;
import lamella.backend.cuda.runtime.CudaException;
import lamella.backend.cuda.runtime.Libraries;

import java.util.Arrays;
import java.util.List;

/// The three kernels, each of which cuDNN has a family of functions for.
///
/// They differ in their order of arguments, and in nothing else: here two arrays are read and one is
/// written, in the order of [lamella.backend.ConvolutionKernels].
enum Direction {
    /// x, weight to y.
    FORWARD {
        @Override
        List<Candidate> recommended(cudnnHandle dnn, Geometry g) {
            var found = new cudnnConvolutionFwdAlgoPerf[MOST];
            int[] count = new int[1];
            int status =
                    JCudnn.cudnnGetConvolutionForwardAlgorithm_v7(
                            dnn, g.x(), g.weight(), g.walk(), g.y(), MOST, count, found);
            CudaException.checkDnn(status, "cudnnGetConvolutionForwardAlgorithm_v7");
            return candidates(found, count[0]);
        }

        @Override
        List<Candidate> measured(cudnnHandle dnn, Geometry g, Places at, Address room, long bytes) {
            var found = new cudnnConvolutionFwdAlgoPerf[MOST];
            int[] count = new int[1];
            int status =
                    JCudnn.cudnnFindConvolutionForwardAlgorithmEx(
                            dnn,
                            g.x(),
                            at.first,
                            g.weight(),
                            at.second,
                            g.walk(),
                            g.y(),
                            at.out,
                            MOST,
                            count,
                            found,
                            room,
                            bytes);
            CudaException.checkDnn(status, "cudnnFindConvolutionForwardAlgorithmEx");
            return candidates(found, count[0]);
        }

        private static List<Candidate> candidates(cudnnConvolutionFwdAlgoPerf[] found, int count) {
            return Arrays.stream(found, 0, count).map(f -> new Candidate(f.algo, f.status, f.determinism)).toList();
        }

        @Override
        int workspace(cudnnHandle dnn, Geometry g, int algorithm, long[] bytes) {
            return JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
                    dnn, g.x(), g.weight(), g.walk(), g.y(), algorithm, bytes);
        }

        @Override
        void run(Libraries libraries, Geometry g, Places at, int algorithm, Address room, long bytes) {
            int status =
                    JCudnn.cudnnConvolutionForward(
                            libraries.dnn(),
                            libraries.one(),
                            g.x(),
                            at.first,
                            g.weight(),
                            at.second,
                            g.walk(),
                            algorithm,
                            room,
                            bytes,
                            libraries.zero(),
                            g.y(),
                            at.out);
            CudaException.checkDnn(status, "cudnnConvolutionForward");
        }

        @Override
        boolean transforms(int algorithm) {
            return algorithm == cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_FFT
                    || algorithm == cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_FFT_TILING
                    || algorithm == cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD
                    || algorithm == cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD_NONFUSED;
        }
    },

    /// The gradient of y, weight to the gradient of x.
    INPUT_GRADIENT {
        @Override
        List<Candidate> recommended(cudnnHandle dnn, Geometry g) {
            var found = new cudnnConvolutionBwdDataAlgoPerf[MOST];
            int[] count = new int[1];
            int status =
                    JCudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(
                            dnn, g.weight(), g.y(), g.walk(), g.x(), MOST, count, found);
            CudaException.checkDnn(status, "cudnnGetConvolutionBackwardDataAlgorithm_v7");
            return candidates(found, count[0]);
        }

        @Override
        List<Candidate> measured(cudnnHandle dnn, Geometry g, Places at, Address room, long bytes) {
            var found = new cudnnConvolutionBwdDataAlgoPerf[MOST];
            int[] count = new int[1];
            int status =
                    JCudnn.cudnnFindConvolutionBackwardDataAlgorithmEx(
                            dnn,
                            g.weight(),
                            at.second,
                            g.y(),
                            at.first,
                            g.walk(),
                            g.x(),
                            at.out,
                            MOST,
                            count,
                            found,
                            room,
                            bytes);
            CudaException.checkDnn(status, "cudnnFindConvolutionBackwardDataAlgorithmEx");
            return candidates(found, count[0]);
        }

        private static List<Candidate> candidates(cudnnConvolutionBwdDataAlgoPerf[] found, int count) {
            return Arrays.stream(found, 0, count).map(f -> new Candidate(f.algo, f.status, f.determinism)).toList();
        }

        @Override
        int workspace(cudnnHandle dnn, Geometry g, int algorithm, long[] bytes) {
            return JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
                    dnn, g.weight(), g.y(), g.walk(), g.x(), algorithm, bytes);
        }

        @Override
        void run(Libraries libraries, Geometry g, Places at, int algorithm, Address room, long bytes) {
            int status =
                    JCudnn.cudnnConvolutionBackwardData(
                            libraries.dnn(),
                            libraries.one(),
                            g.weight(),
                            at.second,
                            g.y(),
                            at.first,
                            g.walk(),
                            algorithm,
                            room,
                            bytes,
                            libraries.zero(),
                            g.x(),
                            at.out);
            CudaException.checkDnn(status, "cudnnConvolutionBackwardData");
        }

        @Override
        boolean transforms(int algorithm) {
            return algorithm == cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_FFT
                    || algorithm == cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_FFT_TILING
                    || algorithm == cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD
                    || algorithm == cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD_NONFUSED;
        }
    },

    /// x, the gradient of y to the gradient of the weight.
    WEIGHT_GRADIENT {
        @Override
        List<Candidate> recommended(cudnnHandle dnn, Geometry g) {
            var found = new cudnnConvolutionBwdFilterAlgoPerf[MOST];
            int[] count = new int[1];
            int status =
                    JCudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                            dnn, g.x(), g.y(), g.walk(), g.weight(), MOST, count, found);
            CudaException.checkDnn(status, "cudnnGetConvolutionBackwardFilterAlgorithm_v7");
            return candidates(found, count[0]);
        }

        @Override
        List<Candidate> measured(cudnnHandle dnn, Geometry g, Places at, Address room, long bytes) {
            var found = new cudnnConvolutionBwdFilterAlgoPerf[MOST];
            int[] count = new int[1];
            int status =
                    JCudnn.cudnnFindConvolutionBackwardFilterAlgorithmEx(
                            dnn,
                            g.x(),
                            at.first,
                            g.y(),
                            at.second,
                            g.walk(),
                            g.weight(),
                            at.out,
                            MOST,
                            count,
                            found,
                            room,
                            bytes);
            CudaException.checkDnn(status, "cudnnFindConvolutionBackwardFilterAlgorithmEx");
            return candidates(found, count[0]);
        }

        private static List<Candidate> candidates(cudnnConvolutionBwdFilterAlgoPerf[] found, int count) {
            return Arrays.stream(found, 0, count).map(f -> new Candidate(f.algo, f.status, f.determinism)).toList();
        }

        @Override
        int workspace(cudnnHandle dnn, Geometry g, int algorithm, long[] bytes) {
            return JCudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
                    dnn, g.x(), g.y(), g.walk(), g.weight(), algorithm, bytes);
        }

        @Override
        void run(Libraries libraries, Geometry g, Places at, int algorithm, Address room, long bytes) {
            int status =
                    JCudnn.cudnnConvolutionBackwardFilter(
                            libraries.dnn(),
                            libraries.one(),
                            g.x(),
                            at.first,
                            g.y(),
                            at.second,
                            g.walk(),
                            algorithm,
                            room,
                            bytes,
                            libraries.zero(),
                            g.weight(),
                            at.out);
            CudaException.checkDnn(status, "cudnnConvolutionBackwardFilter");
        }

        @Override
        boolean transforms(int algorithm) {
            return algorithm == cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_FFT
                    || algorithm == cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_FFT_TILING
                    || algorithm == cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD
                    || algorithm == cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD_NONFUSED;
        }
    };

    /// More algorithms than any family lists, each perhaps twice, by what it computes in.
    private static final int MOST = 16;

    /// What cuDNN says of an algorithm.
    ///
    /// @param algorithm its number within the family
    /// @param status 0 if it can compute this convolution
    /// @param determinism of [jcuda.jcudnn.cudnnDeterminism]
    record Candidate(int algorithm, int status, int determinism) {}

    /// The arrays of a call.
    record Places(Address first, Address second, Address out) {}

    /// Returns algorithms, those first that cuDNN's experience says are fast.
    abstract List<Candidate> recommended(cudnnHandle dnn, Geometry g);

    /// Runs all algorithms, and returns those first that were fast; overwrites the result.
    ///
    /// @param room workspace for them
    /// @param bytes how long it is
    abstract List<Candidate> measured(cudnnHandle dnn, Geometry g, Places at, Address room, long bytes);

    /// Asks for the workspace of an algorithm, and returns cuDNN's status.
    ///
    /// @param bytes where the size is written
    abstract int workspace(cudnnHandle dnn, Geometry g, int algorithm, long[] bytes);

    /// Issues the call.
    abstract void run(Libraries libraries, Geometry g, Places at, int algorithm, Address room, long bytes);

    /// Tells whether an algorithm transforms the arrays, multiplies, and transforms back.
    abstract boolean transforms(int algorithm);
}
