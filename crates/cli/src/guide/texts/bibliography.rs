//! The works that the guide rests on, and where to find them.

neurona::messages! {
    pub(in crate::guide) fn bibliography_title() {
        en: "Bibliography",
        es: "Bibliografía",
    }

    pub(in crate::guide) fn origins() {
        en: "Where the ideas come from:",
        es: "De dónde vienen las ideas:",
    }

    pub(in crate::guide) fn mcculloch_pitts() {
        en: "W. S. McCulloch and W. Pitts (1943). A logical calculus of the ideas immanent in nervous activity. Bulletin \
             of Mathematical Biophysics, 5, 115–133. doi.org/10.1007/BF02478259. The artificial neuron.",
        es: "W. S. McCulloch y W. Pitts (1943). A logical calculus of the ideas immanent in nervous activity. Bulletin \
             of Mathematical Biophysics, 5, 115–133. doi.org/10.1007/BF02478259. La neurona artificial.",
    }

    pub(in crate::guide) fn rosenblatt() {
        en: "F. Rosenblatt (1958). The perceptron: a probabilistic model for information storage and organization in the \
             brain. Psychological Review, 65(6), 386–408. doi.org/10.1037/h0042519. The perceptron.",
        es: "F. Rosenblatt (1958). The perceptron: a probabilistic model for information storage and organization in the \
             brain. Psychological Review, 65(6), 386–408. doi.org/10.1037/h0042519. El perceptrón.",
    }

    pub(in crate::guide) fn rumelhart() {
        en: "D. E. Rumelhart, G. E. Hinton and R. J. Williams (1986). Learning representations by back-propagating \
             errors. Nature, 323, 533–536. doi.org/10.1038/323533a0. Backpropagation.",
        es: "D. E. Rumelhart, G. E. Hinton y R. J. Williams (1986). Learning representations by back-propagating \
             errors. Nature, 323, 533–536. doi.org/10.1038/323533a0. La retropropagación.",
    }

    pub(in crate::guide) fn cybenko() {
        en: "G. Cybenko (1989). Approximation by superpositions of a sigmoidal function. Mathematics of Control, Signals \
             and Systems, 2, 303–314. doi.org/10.1007/BF02551274. What one hidden layer can do.",
        es: "G. Cybenko (1989). Approximation by superpositions of a sigmoidal function. Mathematics of Control, Signals \
             and Systems, 2, 303–314. doi.org/10.1007/BF02551274. Lo que puede una sola capa oculta.",
    }

    pub(in crate::guide) fn lecun() {
        en: "Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998). Gradient-based learning applied to document \
             recognition. Proceedings of the IEEE, 86(11), 2278–2324. doi.org/10.1109/5.726791. The digits of MNIST.",
        es: "Y. LeCun, L. Bottou, Y. Bengio y P. Haffner (1998). Gradient-based learning applied to document \
             recognition. Proceedings of the IEEE, 86(11), 2278–2324. doi.org/10.1109/5.726791. Los dígitos de MNIST.",
    }

    pub(in crate::guide) fn glorot() {
        en: "X. Glorot and Y. Bengio (2010). Understanding the difficulty of training deep feedforward neural networks. \
             AISTATS 2010, 249–256. proceedings.mlr.press/v9/glorot10a.html. The random first weights of `Dense`.",
        es: "X. Glorot e Y. Bengio (2010). Understanding the difficulty of training deep feedforward neural networks. \
             AISTATS 2010, 249–256. proceedings.mlr.press/v9/glorot10a.html. Los pesos iniciales al azar de `Dense`.",
    }

    pub(in crate::guide) fn kingma() {
        en: "D. P. Kingma and J. Ba (2015). Adam: a method for stochastic optimization. ICLR 2015. \
             arxiv.org/abs/1412.6980. The optimizer Adam.",
        es: "D. P. Kingma y J. Ba (2015). Adam: a method for stochastic optimization. ICLR 2015. \
             arxiv.org/abs/1412.6980. El optimizador Adam.",
    }

    pub(in crate::guide) fn books() {
        en: "Further reading:",
        es: "Libros para seguir (en inglés):",
    }

    pub(in crate::guide) fn nielsen() {
        en: "M. A. Nielsen (2015). Neural Networks and Deep Learning. Free at neuralnetworksanddeeplearning.com. The same \
             digits, explained at length.",
        es: "M. A. Nielsen (2015). Neural Networks and Deep Learning. Gratis en neuralnetworksanddeeplearning.com. Los \
             mismos dígitos, explicados con calma.",
    }

    pub(in crate::guide) fn goodfellow() {
        en: "I. Goodfellow, Y. Bengio and A. Courville (2016). Deep Learning. MIT Press. Free to read at \
             www.deeplearningbook.org. The mathematics.",
        es: "I. Goodfellow, Y. Bengio y A. Courville (2016). Deep Learning. MIT Press. Se lee gratis en \
             www.deeplearningbook.org. Las matemáticas.",
    }

    pub(in crate::guide) fn chollet() {
        en: "F. Chollet (2021). Deep Learning with Python, 2nd edition. Manning. By the author of Keras.",
        es: "F. Chollet (2021). Deep Learning with Python, 2.ª edición. Manning. Del autor de Keras.",
    }

    pub(in crate::guide) fn haykin() {
        en: "S. Haykin (2009). Neural Networks and Learning Machines, 3rd edition. Pearson.",
        es: "S. Haykin (2009). Neural Networks and Learning Machines, 3.ª edición. Pearson.",
    }

    pub(in crate::guide) fn in_spanish() {
        en: "In Spanish:",
        es: "En español:",
    }

    pub(in crate::guide) fn hilera() {
        en: "J. R. Hilera and V. J. Martínez (1995). Redes neuronales artificiales: fundamentos, modelos y \
             aplicaciones. RA-MA.",
        es: "J. R. Hilera y V. J. Martínez (1995). Redes neuronales artificiales: fundamentos, modelos y aplicaciones. \
             RA-MA.",
    }

    pub(in crate::guide) fn isasi() {
        en: "P. Isasi and I. M. Galván (2004). Redes de neuronas artificiales: un enfoque práctico. Pearson.",
        es: "P. Isasi e I. M. Galván (2004). Redes de neuronas artificiales: un enfoque práctico. Pearson.",
    }

    pub(in crate::guide) fn caicedo() {
        en: "E. F. Caicedo and J. A. López (2009). Una aproximación práctica a las redes neuronales artificiales. \
             Universidad del Valle.",
        es: "E. F. Caicedo y J. A. López (2009). Una aproximación práctica a las redes neuronales artificiales. \
             Universidad del Valle.",
    }

    pub(in crate::guide) fn torres() {
        en: "J. Torres (2018). Deep Learning: introducción práctica con Keras. Free at \
             torres.ai/deep-learning-inteligencia-artificial-keras.",
        es: "J. Torres (2018). Deep Learning: introducción práctica con Keras. Gratis en \
             torres.ai/deep-learning-inteligencia-artificial-keras.",
    }

    pub(in crate::guide) fn google() {
        en: "Google. Machine Learning Crash Course. developers.google.com/machine-learning/crash-course.",
        es: "Google. Curso intensivo de aprendizaje automático. \
             developers.google.com/machine-learning/crash-course?hl=es-419.",
    }

    pub(in crate::guide) fn documentation() {
        en: "Courses and documentation:",
        es: "Cursos y documentación:",
    }

    pub(in crate::guide) fn keras() {
        en: "Keras. Documentation of its layers, losses and optimizers, whose names are the same here. keras.io/api.",
        es: "Keras. Documentación de sus capas, pérdidas y optimizadores, que aquí tienen los mismos nombres. \
             keras.io/api.",
    }

    pub(in crate::guide) fn tensorflow() {
        en: "TensorFlow. Documentation. www.tensorflow.org/api_docs.",
        es: "TensorFlow. Documentación. www.tensorflow.org/api_docs.",
    }

    pub(in crate::guide) fn scikit_learn() {
        en: "scikit-learn. Documentation of `confusion_matrix`. scikit-learn.org.",
        es: "scikit-learn. Documentación de `confusion_matrix`. scikit-learn.org.",
    }
}
